"""Project assignments, milestones and proposal outlines: evidence, never points."""
