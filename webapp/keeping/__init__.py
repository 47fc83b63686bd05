"""Keeping the installation well: its health, its backups, and putting one back."""
