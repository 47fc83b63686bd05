"""Panels: who is named to assess a component, their drafts, and what they submit."""
