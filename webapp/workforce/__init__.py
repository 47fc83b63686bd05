"""Who retires, who is ready, and the gap between."""
