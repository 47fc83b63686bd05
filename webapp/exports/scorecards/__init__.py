"""A cohort's scorecards as a workbook: every composite recomputes, from panel marks up, in front of the reader.

``material`` reads what is to be shown, ``book`` puts the sheets together, the others write one kind of sheet each.
Cells point at the cells they come from: officer → ranking → component → member's mark.
"""
