"""Ranks a cohort, names the first five, and stands by it."""
