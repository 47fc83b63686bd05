"""Agreement between assessors as it is shown: words, picture and workbook; the figures themselves are in ``statistics``."""
