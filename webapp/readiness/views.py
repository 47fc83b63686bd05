"""The pages of the room, by audience: see the modules named here."""

from webapp.readiness import pool_views
from webapp.readiness.pages import blueprint

__all__ = ["blueprint", "pool_views"]
