"""Exams on paper: printed papers for each person, answer sheets, the markers' key, mark sheets out and in.

``letters``  what stands on paper for a choice, how an answer is written in a cell, and back (pure)
``nodes``    the markup of questions as the printer sets it (pure)
``printing`` the documents
``sheets``   the mark sheet as a workbook, and what was filled in
``marks``    what was filled in becomes attempts, answers and essay marks of the exam

A person's paper is the one that they would get on screen: drawn and ordered from the same stored seed. So the results of a
paper sitting are marked by the same rules, and statistics, regrades and the score ledger need to know nothing of paper.
"""
