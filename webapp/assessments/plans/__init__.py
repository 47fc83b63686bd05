"""Assessment plans: versions, rubrics, what is wrong with one, and who put it in force."""
