"""Kaona (ก้าวหน้า): preparing Bangkok's officers for its key posts, and choosing among them with reasons."""
