"""How far officers qualify for a post."""
