"""What the forecast reads: the posts it covers, their seats, the rules of the target posts, and everybody's facts."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.careers.criteria.evaluation import Rule, rule_of
from webapp.careers.models import CareerPath, PositionLevel, Post, Seat, Unit
from webapp.careers.queries import published_profile
from webapp.errors import NotFound
from webapp.officers.models import Officer
from webapp.records.facts import load_facts, tables_of
from webapp.thai import fiscal_year, fiscal_year_days
from webapp.workforce.chain.rules import feeders_of
from webapp.workforce.outlook import Outlook, Watched
from webapp.workforce.rules import FiscalYear, Forecast, Seats

TYPES = ("executive", "managerial", "knowledge")
"""Minutes 3/2562, paragraph 3: the loss is feared among heads of units of these types."""

DEFAULT_YEARS = 5
"""The minutes speak of three to five years ahead (paragraph 3, 7.5)."""


def covered_posts(session: Session) -> list[Post]:
    """The target posts first, then every other post of these types that heads a unit."""
    heads = Post.heads_unit.is_(True) & Post.position_type.in_(TYPES)
    query = (
        select(Post)
        .where(or_(Post.is_target.is_(True), heads), Post.retired_on.is_(None))
        .order_by(Post.is_target.desc(), Post.id)
    )
    return list(session.scalars(query))


def covered_post(session: Session, code: str) -> Post:
    """A post that the forecast covers. Raises ``NotFound``."""
    found = next((post for post in covered_posts(session) if post.code == code), None)
    if found is None:
        raise NotFound()
    return found


def all_seats(session: Session, posts: Iterable[Post]) -> dict[str, Seats]:
    """The seats of posts at each unit: those of every unit of a kind, and those of a unit by name."""
    units = session.execute(select(Unit.id, Unit.code, Unit.kind).where(Unit.retired_on.is_(None))).all()
    rows: dict[int, list[Any]] = {}
    for row in session.execute(select(Seat.post_id, Seat.unit_kind, Seat.unit_id, Seat.seats).order_by(Seat.id)):
        rows.setdefault(row.post_id, []).append(row)
    return {post.code: _seats(post.code, rows.get(post.id, []), units) for post in posts}


def _seats(post: str, rows: Sequence[Any], units: Sequence[Any]) -> Seats:
    if not rows:
        return Seats(post, None)
    by_unit: dict[str, int] = {}
    for row in rows:
        for unit in units:
            if unit.kind == row.unit_kind or unit.id == row.unit_id:
                by_unit[unit.code] = by_unit.get(unit.code, 0) + row.seats
    return Seats(post, by_unit)


def rule_of_target(session: Session, post: Post) -> Rule | None:
    """The published rule of a target post; none while there is no published profile, and none of other posts."""
    profile = published_profile(session, post.id) if post.is_target else None
    return None if profile is None else rule_of(post.code, profile.version, profile.document)


def outlook(session: Session, today: dt.date, *, first_year: int | None = None, years: int = DEFAULT_YEARS) -> Outlook:
    """The coming fiscal years of every post covered, from the one containing today unless another is named."""
    posts = covered_posts(session)
    rules = {post.code: rule_of_target(session, post) for post in posts}
    seats = all_seats(session, posts)
    levels = select(PositionLevel.position_type, PositionLevel.level).order_by(PositionLevel.position)
    grades = {(row.position_type, row.level): place for place, row in enumerate(session.execute(levels), start=1)}
    paths = [(path.code, path.steps) for path in session.scalars(_paths())]
    watched = []
    for post in posts:
        rule = rules[post.code]
        feeders = feeders_of(post.code, rule.tree, paths) if rule is not None else ()
        grade = grades.get((post.position_type or "", post.level or ""), 0)
        watched.append(Watched(post.code, seats[post.code], rule, feeders, grade))
    facts = load_facts(session, tables=tables_of([rule.tree for rule in rules.values() if rule is not None]))
    span = fiscal_years(today, first_year or fiscal_year(today), years)
    return Outlook(facts, today, span, tuple(watched), grades)


def _paths() -> Any:
    query = select(CareerPath).order_by(CareerPath.position, CareerPath.id)
    return query.where(CareerPath.retired_on.is_(None))


def fiscal_years(today: dt.date, first: int, count: int) -> tuple[FiscalYear, ...]:
    """So many fiscal years from the first."""
    current = fiscal_year(today)
    return tuple(FiscalYear(y, fiscal_year_days(y)[1], y == current) for y in range(first, first + count))


def forecasts(
    session: Session, today: dt.date, *, first_year: int | None = None, years: int = DEFAULT_YEARS
) -> list[Forecast]:
    """The forecast of every post it covers, from the fiscal year containing today unless another is named."""
    return list(outlook(session, today, first_year=first_year, years=years).forecasts.values())


# Names for what the columns only number -----------------------------------------------------------------------------


def officers_by_id(session: Session, ids: Sequence[int]) -> dict[int, Any]:
    """Number, names, birth date and last day of some officers, by id."""
    query = select(
        Officer.id, Officer.officer_no, Officer.title, Officer.given_name, Officer.family_name, Officer.name_en,
        Officer.birth_date, Officer.entry_date, Officer.left_on,
    ).where(Officer.id.in_([int(one) for one in ids]))  # fmt: skip
    return {row.id: row for row in session.execute(query)}


def officer_ids_named(session: Session, words: str) -> set[int]:
    """Officers whose name or number contains the words."""
    columns = (Officer.given_name, Officer.family_name, Officer.name_en, Officer.officer_no)
    matches = or_(*(column.contains(words, autoescape=True) for column in columns),
                  (Officer.given_name + " " + Officer.family_name).contains(words, autoescape=True))  # fmt: skip
    return set(session.scalars(select(Officer.id).where(matches)))


def names_of_units(session: Session) -> dict[str, dict[str, str]]:
    """Both names of every unit, by code."""
    rows = session.execute(select(Unit.code, Unit.name_th, Unit.name_en))
    return {row.code: {"name_th": row.name_th, "name_en": row.name_en} for row in rows}


def names_of_posts(session: Session) -> dict[str, dict[str, str]]:
    """Both names of every post, by code."""
    rows = session.execute(select(Post.code, Post.name_th, Post.name_en))
    return {row.code: {"name_th": row.name_th, "name_en": row.name_en} for row in rows}
