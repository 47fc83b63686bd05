"""Cohorts of a course: enrollment, sessions and attendance."""
