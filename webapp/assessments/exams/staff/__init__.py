"""Exams as the institute runs them: set up, made ready by a second person, invigilated, sat on paper."""
