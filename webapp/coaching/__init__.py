"""Mentor pairings and the log of coaching, mentoring and shadowing sessions."""
