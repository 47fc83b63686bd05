"""The one clock. Everything stored is UTC; the day is Bangkok's."""

import datetime as dt
import os
from zoneinfo import ZoneInfo

BANGKOK = ZoneInfo("Asia/Bangkok")


def _taken_as_today() -> dt.date | None:
    """The date taken as today in development and tests (``KAONA_TODAY``), else none."""
    text = os.environ.get("KAONA_TODAY")
    if not text or os.environ.get("KAONA_ENV") == "production":
        return None
    return dt.date.fromisoformat(text)


def now() -> dt.datetime:
    """This moment, in UTC with its zone; on the day of ``KAONA_TODAY`` where that is set."""
    moment = dt.datetime.now(dt.UTC)
    day = _taken_as_today()
    if day is None:
        return moment
    return dt.datetime.combine(day, moment.astimezone(BANGKOK).time(), BANGKOK).astimezone(dt.UTC)


def today() -> dt.date:
    """The calendar day in Bangkok."""
    return _taken_as_today() or dt.datetime.now(BANGKOK).date()
