"""Who signs in, which role they hold, and what that role may do."""
