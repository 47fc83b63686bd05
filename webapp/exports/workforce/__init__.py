"""The forecast and the plans for the committee: as workbooks with live formulas, and as documents on A4."""
