"""Goal 5: the director's criteria over 100,000 full careers; floors: the same rule by hand in numpy, and the bare fetch.

Databases: SQLite in a temporary folder, and PostgreSQL where the machine has one.
"""

import random
import resource
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from benchmarks.measuring import Result, beside, seconds_of
from tests import postgresql
from tests.databases import config_for, fill, make
from webapp.careers.criteria.evaluation import Evaluation, Rule, evaluate
from webapp.careers.criteria.judge import judge, summarize
from webapp.careers.criteria.tree import tree_from
from webapp.careers.models import Course, JobProfile, Post, Qualification, Section, Unit
from webapp.database import Base, db
from webapp.officers.models import Officer, officer_qualification
from webapp.records import facts as reading
from webapp.records.eligibility import rule_for
from webapp.records.facts import load_facts, tables_of

PEOPLE = 100_000
TODAY = date(2026, 10, 1)


def filled(session: Session) -> None:
    """Officers with four postings each, delegations, works, training and ratings."""
    chance = random.Random(5)
    for start in range(1, PEOPLE + 1, 10_000):
        careers(session, range(start, start + 10_000), chance)
        session.commit()


def careers(session: Session, ids: range, chance: random.Random) -> None:
    """The rows of ten thousand officers, written set-wise."""
    posts, units = list(session.scalars(select(Post.id))), list(session.scalars(select(Unit.id)))
    sections, course = (
        list(session.scalars(select(Section.code))),
        session.scalar(select(Course.id).order_by(Course.id)),
    )
    codes, tables = list(session.scalars(select(Qualification.code))), Base.metadata.tables
    competencies = [
        one["competency"] for one in session.scalars(select(JobProfile).limit(1)).one().document["competencies"]
    ]
    stamp = {"entered_by": "x", "entered_at": datetime(2026, 1, 1, tzinfo=UTC)}
    rows: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("posting", "delegation", "evidenced_work", "training_record", "competency_rating", "officer_qualification")
    }  # fmt: skip
    session.execute(insert(Officer), [
        {"id": n, "officer_no": f"{n:07d}", "given_name": "ก", "family_name": "ข", "sort_key": "ก", "entry_date": date(1995, 1, 1),
         "birth_date": date(1966, 1, 1) + timedelta(days=chance.randrange(9000))} for n in ids
    ])  # fmt: skip
    for n in ids:
        mine, day = {"officer_id": n, **stamp}, date(2008, 1, 1)
        for _ in range(4):
            day += timedelta(days=chance.randint(100, 1500))
            rows["posting"].append({**mine, "post_id": chance.choice(posts[:6]), "position_type": "managerial", "level": "primary",
                                    "unit_id": chance.choice(units), "started_on": day, "ended_on": day + timedelta(days=chance.randint(90, 2000))})  # fmt: skip
        for section in chance.sample(sections, chance.choice((0, 0, 5, 7, 8))):
            rows["delegation"].append({**mine, "unit_id": units[0], "section_code": section, "started_on": day})
        rows["evidenced_work"].append({**mine, "title": "x", "done_on": day, "verified_on": day})
        rows["training_record"].append(
            {**mine, "course_id": course, "completed_on": day, "result": chance.choice(("passed", "failed"))}
        )
        rows["competency_rating"] += [
            {
                **mine,
                "competency_code": code,
                "rating": chance.randint(3, 5),
                "rated_on": day,
                "method": "x",
                "released_at": mine["entered_at"],
            }
            for code in competencies
        ]
        rows["officer_qualification"].append({"officer_id": n, "qualification_code": chance.choice(codes)})
    for name, made in rows.items():
        table = officer_qualification if name == "officer_qualification" else tables[name]
        session.execute(insert(table), made)


def from_database(session: Session, rule: Rule) -> Evaluation:
    return evaluate(rule, load_facts(session, tables=tables_of([rule.tree])), TODAY.toordinal())


def bare_fetch(session: Session, rule: Rule) -> int:
    """The floor: the driver fetches the rows that :func:`load_facts` asks for, and nothing is made of them."""
    statements: list[Any] = []
    with_numbers = reading.numbers

    def noted(given: Session, statement: Any, width: int) -> Any:
        statements.append(statement)
        return with_numbers(given, statement, width)

    reading.numbers = noted
    try:
        load_facts(session, tables=tables_of([rule.tree]), officer_ids=[1])
    finally:
        reading.numbers = with_numbers
    count = 0
    for statement in statements:
        whole = statement.with_only_columns(*statement.selected_columns)
        kept = [clause for clause in whole._where_criteria if " IN " not in str(clause)]
        whole._where_criteria = tuple(kept)
        count += len(reading._cursor(session, reading._sql(session, whole)).fetchall())
    return count


def by_hand(found: Evaluation) -> tuple[np.ndarray, list[int]]:
    """The floor: the five comparisons, the verdict and the counts of one rule, written out for it alone."""
    figures = [found.measures[node.id].found for node in found.rule.tree.of]
    wanted = [found.verdicts[node.id].required for node in found.rule.tree.of]
    met = [figure >= least for figure, least in zip(figures, wanted, strict=True)]
    verdict = met[0] & met[1] & met[2] & met[3] & met[4]
    return verdict, [int(np.count_nonzero(one & found.whom)) for one in met]


def twelve_leaves(found: Evaluation) -> Rule:
    """An and/or rule of twelve leaves over the figures at hand."""
    match = {"post": "assistant-district-director"}
    leaves = [{"id": f"l{n}", "kind": "tenure", "match": match, "years": n} for n in range(12)]
    groups = [{"id": f"g{n}", "kind": "any", "of": leaves[n * 3 : n * 3 + 3]} for n in range(4)]
    return Rule("", 1, tree_from({"id": "r", "kind": "all", "of": groups}))


def twelve_by_hand(columns: list[np.ndarray], wanted: list[int]) -> np.ndarray:
    met = [column >= least for column, least in zip(columns, wanted, strict=True)]
    groups = [met[n] | met[n + 1] | met[n + 2] for n in range(0, 12, 3)]
    return groups[0] & groups[1] & groups[2] & groups[3]


def in_memory(found: Evaluation) -> Iterator[Result]:
    """What a judgment, a summary and a changed number cost once the figures are there."""
    rule = twelve_leaves(found)
    tenure = found.measures["dd-assistant-tenure"]
    measures = {f"l{n}": tenure for n in range(12)}
    columns, wanted = [tenure.found] * 12, [rule.tree.find(f"l{n}").required for n in range(12)]  # type: ignore[union-attr]
    own, floor = beside(lambda: judge(rule.tree, measures), lambda: twelve_by_hand(columns, wanted), rounds=21)
    yield Result("5", "12 leaves over 100,000, every leaf kept", own, "numpy by hand", floor, at_most=5)

    def both() -> object:
        return summarize(found.rule.tree, judge(found.rule.tree, found.measures), found.whom)

    own, floor = beside(both, lambda: by_hand(found), rounds=21)
    yield Result("5", "the director's five, with sole blockers", own, "numpy by hand", floor, at_most=5)
    own = seconds_of(lambda: found.what_if([("dd-sections", "min", 5)]).summary)
    yield Result("5", "a changed number recounted", own, "", 0.0, limit=0.005)


def on(url: str, folder: Path, name: str) -> Iterator[Result]:
    """One database: filled, read bare, read and judged."""
    app = make(config_for(url, folder))
    fill(app, "reference")
    with app.app_context():
        session = db.session
        filled(session)
        rule = rule_for(session, "district-director")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        own, floor = beside(lambda: from_database(session, rule), lambda: bare_fetch(session, rule), rounds=3)
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        note = f"peak memory grew by {grown:.0f} MiB"
        what = f"from {name}: 100,000 officers, 400,000 postings"
        yield Result("5", what, own, "bare fetch", floor, at_most=1.3, note=note)
        if db.engine.dialect.name == "sqlite":
            found = from_database(session, rule)
            yield from in_memory(found)
            own = seconds_of(lambda: found.met_on)
            yield Result("5", "when each criterion will be met, for everybody", own, "bare fetch", floor)
        session.close()
        db.engine.dispose()


def measure() -> Iterator[Result]:
    """SQLite, then PostgreSQL."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield from on(f"sqlite:///{folder / 'bench.sqlite'}", folder, "SQLite")
        if not postgresql.is_available():
            return
        server = postgresql.start()
        try:
            yield from on(str(server["url"]), folder, "PostgreSQL")
        finally:
            postgresql.stop(server)
