"""Marking an exam: essays by two markers who know neither whom they mark nor each other's marks, results, regrades, release.

``essay_rules``       who marks which essay, in which order, when two have agreed (pure)
``essay_queries``     essays as markers and staff read them; nobody is named
``essay_operations``  marks, declarations, the rule with its reason
``regrading``         a question marked otherwise for everybody: previewed, recorded with a reason, undone

What a paper earns is ``webapp.assessments.exams.papers``, what everybody earned ``webapp.assessments.exams.results``.
"""
