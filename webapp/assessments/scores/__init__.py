"""Score sheets, one person's score with its history, and release."""
