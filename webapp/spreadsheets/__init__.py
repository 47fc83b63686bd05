"""Spreadsheets in and out: sheets read into typed columns with every bad cell named; workbooks written safely.

``checks`` looks at a file before anything opens it, ``reading`` turns it into columns by the types of ``cells``,
``writing`` makes workbooks in which nothing typed by a person can turn into a formula.
"""
