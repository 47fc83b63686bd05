"""What a filled seat empties elsewhere: the chain from post to post, followed along criteria and paths."""
