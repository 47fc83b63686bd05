"""Numbered versions of the database."""
