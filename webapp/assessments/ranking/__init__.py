"""THE ranking: used for the selection into a course and for the shortlist after it (domain page §4.2 and §5).

Pure and exact: whole numbers and fractions, never floats; numpy columns where whole numbers fit 64 bits, Python's own
whole numbers where they do not. The day and everything else comes as an argument.

``plan``     what is measured and how it weighs; what is wrong with a plan
``scores``   rubric totals, component scores, rounding half up
``columns``  people as columns of exact numbers
``ranks``    composites, ranks, who is not ranked and why
``reasons``  one person's reasons and what decided against the neighbor, as codes with parameters
``frozen``   inputs and results as documents that give the same bytes again
"""
