"""Civil servants and the facts of their service."""
