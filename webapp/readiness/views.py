"""The pages of the room, by audience: see the modules named here."""

from webapp.readiness import eligibility_views, feasibility_views, officer_views, own_views, paths_views, pool_views
from webapp.readiness.pages import blueprint

__all__ = [
    "blueprint",
    "eligibility_views",
    "feasibility_views",
    "officer_views",
    "own_views",
    "paths_views",
    "pool_views",
]
