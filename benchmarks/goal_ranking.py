"""Goal 4: the whole ranking with its reasons; floor: SQLite's own total and rank() over the same 100,000 × 20 scores."""

import random
import sqlite3
from collections.abc import Iterator
from fractions import Fraction
from itertools import chain

import numpy as np

from benchmarks.measuring import Result, beside, seconds_of
from webapp.assessments.ranking.columns import ExactColumn, People
from webapp.assessments.ranking.plan import Component, Gates, Plan
from webapp.assessments.ranking.ranks import Ranking, rank
from webapp.assessments.ranking.reasons import reasons_of

PEOPLE, COMPONENTS = 100_000, 20
PLAN = Plan(
    tuple(Component(f"c{n}", Fraction(5), Fraction(100), Fraction(50)) for n in range(COMPONENTS)),
    ("c0", "c1", "level_tenure", "entry_date"),
    Gates(Fraction(80), Fraction(12), True),
)


def table() -> sqlite3.Connection:
    """Points in whole hundredths, one row per person and component, in memory so that the disk is out of the way."""
    chance = random.Random(4)
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "create table score (component int, person int, points int, primary key (component, person)) without rowid"
    )
    rows = ((c, p, chance.randint(4900, 9900)) for c in range(COMPONENTS) for p in range(PEOPLE))
    connection.executemany("insert into score values (?, ?, ?)", rows)
    connection.commit()
    return connection


def by_sql(connection: sqlite3.Connection) -> list[tuple[int, float, int]]:
    """The floor: weighted totals and ranks, no reasons, no ties broken, inexact."""
    return connection.execute(
        "select person, total, rank() over (order by total desc) from "
        "(select person, sum(5.0 * points / 10000) as total from score group by person)"
    ).fetchall()


def people(points: np.ndarray, count: int = PEOPLE) -> People:
    """The same people as columns, with the facts that gates and tie-breakers ask for."""
    chance = np.random.default_rng(4)
    return People(
        officer_no=[f"{n:06d}" for n in chance.permutation(count)],
        scores={f"c{n}": ExactColumn.of_hundredths(points[n, :count]) for n in range(COMPONENTS)},
        attended=ExactColumn.of_hundredths(chance.integers(7800, 10000, count)),
        hours_held=Fraction(100),
        coaching_minutes=chance.integers(700, 1200, count),
        project_accepted=chance.random(count) > 0.01,
        level_tenure=chance.integers(0, 4000, count),
        entry_date=chance.integers(720000, 730000, count),
    )


def fetched(connection: sqlite3.Connection) -> np.ndarray:
    rows = connection.execute("select points from score order by component, person").fetchall()
    return np.fromiter(chain.from_iterable(rows), np.int64, len(rows)).reshape(COMPONENTS, PEOPLE)


def with_reasons(ranking: Ranking) -> int:
    """Everybody's reasons, as the list of the not ranked wants them."""
    return sum(len(reasons_of(ranking, int(row))) for row in ranking.order[int(ranking.ranked.sum()) :])


def measure() -> Iterator[Result]:
    """Ranking from columns, from the table, of ten thousand, and with every reason written out."""
    connection = table()
    points = fetched(connection)
    everybody, some = people(points), people(points, 10_000)
    floor_name = "SQL total and rank()"
    own, floor = beside(lambda: rank(PLAN, everybody), lambda: by_sql(connection), rounds=3)
    yield Result("4", "ranking of 100,000 × 20, reasons kept", own, floor_name, floor, at_most=1.5)
    own, floor = beside(lambda: rank(PLAN, people(fetched(connection))), lambda: by_sql(connection), rounds=3)
    yield Result("4", "the same from the table of scores", own, floor_name, floor, at_most=1.5)
    result = rank(PLAN, everybody)
    own = seconds_of(lambda: with_reasons(result))
    yield Result("4", f"writing out {int((~result.ranked).sum()):,} people's reasons", own, floor_name, floor)
    own = seconds_of(lambda: rank(PLAN, some))
    yield Result("4", "ranking of 10,000 × 20", own, "", 0.0, limit=0.2)
