"""Goal 4: the whole ranking with its reasons; floor: SQLite's own total and rank() over the same 100,000 × 20 scores.

Three times: from columns in hand, from a plain table of scores, and from the product's own ledger, where the floor is the same
SQL over the same ledger (a mark that another replaces does not count, for it as for us).
"""

import datetime as dt
import random
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from pathlib import Path

import numpy as np
from sqlalchemy import text

from benchmarks.measuring import Result, beside, seconds_of
from tests.databases import config_for, fill, make
from webapp.assessments.models import AssessmentPlan, PlanComponent
from webapp.assessments.queries import standing_scores
from webapp.assessments.ranking.columns import ExactColumn, People
from webapp.assessments.ranking.plan import Component, Gates, Plan
from webapp.assessments.ranking.ranks import Ranking, rank
from webapp.assessments.ranking.reasons import reasons_of
from webapp.courses.models import Cohort
from webapp.database import db

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


NUMBERS = "with recursive n(i) as (select 1 union all select i + 1 from n where i < :count)"
IN_THE_LEDGER = """
select person, total, rank() over (order by total desc) from (
  select enrollment_id as person, sum(5.0 * score / maximum) as total from score_entry
  where enrollment_id in (select id from enrollment where cohort_id = :cohort) and purpose = 'ranking' and not withdrawn
    and id not in (select replaces_id from score_entry where replaces_id is not null)
  group by enrollment_id)"""


def ledger() -> int:
    """Everybody's marks as entries of the product's ledger, written set-wise; the cohort's number."""
    session, now = db.session, dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
    cohort = Cohort(code="ALL", course_id=1, name_th="ทุกคน", starts_on=dt.date(2026, 1, 5), ends_on=dt.date(2026, 6, 30),
                    seats=PEOPLE, created_at=now, created_by="x")  # fmt: skip
    session.add(cohort)
    session.flush()
    plan = AssessmentPlan(
        cohort_id=cohort.id, purpose="ranking", version=1, status="in-force", drafted_by="x", drafted_at=now
    )
    plan.components = [
        PlanComponent(position=n, code=f"c{n}", name_th=f"c{n}", weight=Decimal(5), maximum=Decimal(100), pass_percent=Decimal(50))
        for n in range(COMPONENTS)
    ]  # fmt: skip
    session.add(plan)
    session.flush()
    values = {"count": PEOPLE, "components": COMPONENTS, "cohort": cohort.id, "at": "2026-07-01 00:00:00"}
    session.execute(text(
        f"{NUMBERS} insert into officer (id, officer_no, title, given_name, family_name, name_en, sort_key, birth_date, entry_date, left_reason) "
        "select i, printf('%07d', i), '', 'ก', 'ข', '', 'ก', '1970-01-01', '1995-01-01', '' from n"), values)  # fmt: skip
    session.execute(text(
        f"{NUMBERS} insert into enrollment (id, cohort_id, officer_id, status, status_reason, blind_key, decided_by, decided_at, version) "
        "select i, :cohort, i, 'enrolled', '', i, 'x', :at, 1 from n"), values)  # fmt: skip
    session.execute(text(
        f"{NUMBERS}, c(j) as (select 0 union all select j + 1 from c where j < :components - 1) insert into score_entry "
        "(enrollment_id, purpose, component, member, score, maximum, withdrawn, reason, note, entered_by, entered_at) "
        "select i, 'ranking', 'c' || j, '', 4900 + (i * 7919 + j * 104729) % 5000, '100', 0, '', '', 'x', :at from n, c"), values)  # fmt: skip
    session.commit()
    return cohort.id


def from_the_ledger() -> Iterator[Result]:
    """The standing scores of everybody read from the ledger, exact, and ranked with their reasons kept."""
    with tempfile.TemporaryDirectory() as folder:
        app = make(config_for(f"sqlite:///{folder}/kaona.sqlite", Path(folder)))
        fill(app, "reference")
        with app.app_context():
            session, number = db.session, ledger()
            facts = people(np.zeros((COMPONENTS, PEOPLE), np.int64))

            def ranked() -> Ranking:
                session.rollback()
                scores = standing_scores(session, number)
                return rank(PLAN, replace(facts, scores=scores.columns))

            def floor() -> object:
                session.rollback()
                return session.execute(text(IN_THE_LEDGER), {"cohort": number}).fetchall()

            assert len(ranked().order) == PEOPLE
            own, other = beside(ranked, floor, rounds=3)
            yield Result(
                "4", "the same from the product's ledger", own, "SQL total and rank() over it", other, at_most=1.5
            )
            session.close()
            db.engine.dispose()


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
    connection.close()
    yield from from_the_ledger()
