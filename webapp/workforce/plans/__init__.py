"""Plans that close a post's gap: courses to run, seats per cohort, expected passes, and what is left open."""
