"""Every point anyone is given: plans, panels, the score ledger, and the ranking rules."""
