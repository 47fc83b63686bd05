"""One officer's development record as a file: a workbook, a document on A4, or JSON; the same facts with their sources."""
