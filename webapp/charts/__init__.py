"""Pictures where people would rather look than read: pure geometry here, drawn by ``templates/_charts.html``.

Every function takes plain values and a title and sentence already in the reader's language, and returns a
``Picture`` (``heat`` tables are a ``Heat``); nothing here asks the database or the clock.
"""

from webapp.charts.bars import Bar, Criterion, Group, funnel, grouped_bars, ranked_bars, stacked_bars
from webapp.charts.deviations import deviations
from webapp.charts.dots import dots_by_round
from webapp.charts.histogram import histogram
from webapp.charts.lanes import CareerPath, Lane, Spell, Step, path_lanes, timeline
from webapp.charts.lines import Heat, HeatCell, HeatRow, Point, curve, heat_level, sparkline
from webapp.charts.marks import Drawing, Picture
from webapp.charts.paper import document_svg
from webapp.charts.radar import Axis, radar
from webapp.charts.ways import Way, WayStep, ways

__all__ = [
    "Axis", "Bar", "CareerPath", "Criterion", "Drawing", "Group", "Heat", "HeatCell", "HeatRow", "Lane",
    "Picture", "Point", "Spell", "Step", "curve", "deviations", "document_svg", "dots_by_round", "funnel", "grouped_bars", "heat_level", "histogram", "path_lanes",
    "radar", "ranked_bars", "sparkline", "stacked_bars", "timeline", "Way", "WayStep", "ways",
]  # fmt: skip
