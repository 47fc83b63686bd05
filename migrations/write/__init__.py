"""Writing the first migration from the models."""
