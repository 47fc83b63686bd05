"""An invented institute, so that the first run shows a shortlist."""
