"""Stored files: content by hash, type by content; the linking room decides who may open them."""
