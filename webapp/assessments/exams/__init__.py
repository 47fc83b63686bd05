"""Examinations: a blueprint over the question bank, one attempt per person, answers kept as they come, marks that can be rebuilt.

``rules``       windows and deadlines, who may start, which questions a seed draws (pure)
``models``      exams, candidates, attempts, answers, essay marks, regrades
``operations``  taking an exam: start, save, flag, submit

Answers are only ever added. An automatic mark is not stored: it follows from the question's version, the regrades that
stand, and the last answer in time (``webapp.assessments.bank.rules.score``), so that it can be rebuilt at any time. Essay
marks are entries of their own. A total enters a ranking through the one score ledger, when staff transfer it.
"""
