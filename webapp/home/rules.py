"""Who falls behind, while a course still runs (ours: the minutes judge at the end alone)."""

import datetime as dt
from decimal import Decimal


def is_below(attended: Decimal, held: Decimal, gate: Decimal | None) -> bool:
    """Whether hours attended are below ``gate`` per cent of the hours held so far; never without a gate or a session."""
    return gate is not None and held > 0 and attended * 100 < gate * held


def minutes_due(asked: Decimal | None, starts_on: dt.date, ends_on: dt.date, today: dt.date) -> Decimal | None:
    """Minutes of coaching one should have by ``today``: the hours asked in proportion to the days gone by, at most all."""
    if asked is None:
        return None
    gone = Decimal((today - starts_on).days) / max(1, (ends_on - starts_on).days)
    return asked * 60 * max(Decimal(0), min(Decimal(1), gone))
