"""Competency ratings: given on a day by a method, corrected by voiding and giving anew."""
