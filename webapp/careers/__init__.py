"""Posts, paths, job profiles, competencies, the course catalog, and the criteria with their reasons."""
