"""One officer's development record, derived from the rooms below and never stored."""
