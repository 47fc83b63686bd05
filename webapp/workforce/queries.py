"""What the forecast reads: the posts it covers, their seats, the rules of the target posts, and everybody's facts."""

import datetime as dt

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.careers.criteria.evaluation import Rule, rule_of
from webapp.careers.models import Post, Seat, Unit
from webapp.careers.queries import published_profile
from webapp.records.facts import load_facts, tables_of
from webapp.thai import fiscal_year, fiscal_year_days
from webapp.workforce.rules import FiscalYear, Forecast, Seats, forecast

TYPES = ("executive", "managerial", "knowledge")
"""Minutes 3/2562, paragraph 3: the loss is feared among heads of units of these types."""

DEFAULT_YEARS = 5
"""The minutes speak of three to five years ahead (paragraph 3, 7.5)."""


def covered_posts(session: Session) -> list[Post]:
    """The target posts first, then every other post of these types that heads a unit."""
    heads = Post.heads_unit.is_(True) & Post.position_type.in_(TYPES)
    query = select(Post).where(or_(Post.is_target.is_(True), heads)).order_by(Post.is_target.desc(), Post.id)
    return list(session.scalars(query))


def seats_of(session: Session, post: Post) -> Seats:
    """The post's seats at each unit: those of every unit of a kind, and those of a unit by name."""
    units = session.execute(select(Unit.id, Unit.code, Unit.kind)).all()
    rows = session.execute(select(Seat.unit_kind, Seat.unit_id, Seat.seats).where(Seat.post_id == post.id)).all()
    if not rows:
        return Seats(post.code, None)
    by_unit: dict[str, int] = {}
    for unit_kind, unit_id, count in rows:
        for unit in units:
            if unit.kind == unit_kind or unit.id == unit_id:
                by_unit[unit.code] = by_unit.get(unit.code, 0) + count
    return Seats(post.code, by_unit)


def rule_of_target(session: Session, post: Post) -> Rule | None:
    """The published rule of a target post; none while there is no published profile, and none of other posts."""
    profile = published_profile(session, post.id) if post.is_target else None
    return None if profile is None else rule_of(post.code, profile.version, profile.document)


def forecasts(
    session: Session, today: dt.date, *, first_year: int | None = None, years: int = DEFAULT_YEARS
) -> list[Forecast]:
    """The forecast of every post it covers, from the fiscal year containing today unless another is named."""
    posts = covered_posts(session)
    rules = {post.code: rule_of_target(session, post) for post in posts}
    facts = load_facts(session, tables=tables_of([rule.tree for rule in rules.values() if rule is not None]))
    first = first_year or fiscal_year(today)
    span = [FiscalYear(y, fiscal_year_days(y)[1], y == fiscal_year(today)) for y in range(first, first + years)]
    return [forecast(facts, seats_of(session, post), rules[post.code], today=today, years=span) for post in posts]
