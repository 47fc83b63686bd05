"""The facts that criteria look at, read from the database as columns; only facts that stand.

Rows are fetched as plain tuples of numbers, dates already turned into day ordinals by the database, and put into arrays
chunk by chunk: a hundred thousand careers pass through without becoming objects.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, FunctionElement, Integer, Select, case, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session

from webapp.assessments.models import CompetencyRating
from webapp.careers.criteria import facts as f
from webapp.careers.criteria.tree import Node
from webapp.careers.models import (
    Competency,
    Course,
    CourseEquivalent,
    PositionLevel,
    Post,
    Qualification,
    Section,
    Unit,
)
from webapp.careers.tenure import OPEN
from webapp.officers.models import (
    Delegation,
    EvidencedWork,
    Officer,
    Posting,
    TrainingRecord,
    officer_qualification,
)
from webapp.officers.rules import retires_on_many

CHUNK = 50_000
"""Rows fetched at a time: large enough to be quick, small enough that memory does not grow with them."""

Column = np.ndarray[Any, np.dtype[np.int64]]

NEEDED = {
    "sections": "delegations", "works": "works", "posting_and_works": "works", "qualification": "qualifications",
    "course": "passes", "competency": "ratings",
}  # fmt: skip


class ordinal(FunctionElement[int]):
    """A date as a day ordinal (1 January of year 1 is 1), worked out by the database."""

    type = Integer()
    inherit_cache = True
    name = "ordinal"


@compiles(ordinal, "sqlite")
def _on_sqlite(element: ordinal, compiler: Any, **settings: Any) -> str:
    return f"CAST(julianday({compiler.process(element.clauses, **settings)}) - 1721424.5 AS INTEGER)"


@compiles(ordinal, "postgresql")
def _on_postgresql(element: ordinal, compiler: Any, **settings: Any) -> str:
    return f"({compiler.process(element.clauses, **settings)} - DATE '0001-01-01' + 1)"


def tables_of(trees: Collection[Node]) -> frozenset[str]:
    """The tables of facts that the trees look at (postings always: they say who holds a post)."""
    kinds = {node.kind for tree in trees for node in tree.walk()}
    return frozenset({"postings", *(table for kind, table in NEEDED.items() if kind in kinds)})


def load_facts(
    session: Session, *, tables: Collection[str] = f.TABLES, officer_ids: Sequence[int] | None = None
) -> f.Facts:
    """The facts of everybody, or of some officers; only the tables named. Persons stand in the order of their ids."""
    session.flush()
    reader = _Reader(session, officer_ids)
    return reader.facts(frozenset(tables))


def numbers(session: Session, statement: Select[Any], width: int) -> Column:
    """The rows of a statement of ``width`` whole numbers, as an array with a row per column."""
    if session.connection().dialect.name == "postgresql":
        return _packed(session, statement, width)
    cursor = _cursor(session, _sql(session, statement))
    chunks = [
        np.fromiter(chain.from_iterable(rows), np.int64, len(rows) * width).reshape(-1, width).T
        for rows in iter(lambda: cursor.fetchmany(CHUNK), [])
    ]
    cursor.close()
    return np.concatenate(chunks, axis=1) if chunks else np.zeros((width, 0), np.int64)


def _packed(session: Session, statement: Select[Any], width: int) -> Column:
    """The same from PostgreSQL, which sends each column as one run of 8-byte numbers, all in the order of the rows."""
    names = [f"c{place}" for place in range(width)]
    packed = ", ".join(f"string_agg(int8send({name}::int8), '')" for name in names)
    sql = f"SELECT {packed} FROM ({_sql(session, statement)}) AS rows ({', '.join(names)})"
    cursor = _cursor(session, sql, binary=True)
    (columns,) = cursor.fetchall()
    cursor.close()
    return np.stack([np.frombuffer(column or b"", ">i8") for column in columns]).astype(np.int64)


def _sql(session: Session, statement: Select[Any]) -> str:
    return str(statement.compile(dialect=session.connection().dialect, compile_kwargs={"literal_binds": True}))


def _cursor(session: Session, sql: str, **options: bool) -> Any:
    """The driver's own cursor, in the session's transaction: its rows are tuples."""
    cursor = session.connection().connection.cursor()
    cursor.execute(sql, **options)
    return cursor


class _Reader:
    """One reading: the words first, so that every column can be numbered by them in the database."""

    def __init__(self, session: Session, officer_ids: Sequence[int] | None) -> None:
        self.session = session
        self.officer_ids = officer_ids
        self.posts = self._words(Post.id, Post.code)
        self.units = self._words(Unit.id, Unit.code)
        self.courses = self._words(Course.id, Course.code)
        self.sections = self._words(Section.code, Section.code)
        self.competencies = self._words(Competency.code, Competency.code)
        self.qualifications = self._words(Qualification.code, Qualification.code)
        self.types = self._codes(PositionLevel.position_type)
        self.levels = self._codes(PositionLevel.level)
        self.persons = np.zeros(0, np.int64)

    def _words(self, key: Any, code: Any) -> dict[Any, str]:
        return {row[0]: row[1] for row in self.session.execute(select(key, code).order_by(code))}

    def _codes(self, column: Any) -> tuple[str, ...]:
        return tuple(sorted(self.session.scalars(select(column).distinct())))

    def facts(self, tables: frozenset[str]) -> f.Facts:
        officers = self._officers()
        read: dict[str, Callable[[], Any]] = {
            "postings": self._postings, "delegations": self._delegations, "works": self._works,
            "qualifications": self._qualifications, "passes": self._passes, "ratings": self._ratings,
        }  # fmt: skip
        return f.Facts(
            **officers,
            words=self._all_words(),
            **{name: read[name]() for name in f.TABLES if name in tables},
            equivalents=self._equivalents() if "passes" in tables else (),
        )

    def _all_words(self) -> f.Words:
        kinds = {row[0]: row[1] for row in self.session.execute(select(Unit.id, Unit.kind))}
        return f.Words(
            posts=tuple(self.posts.values()),
            types=self.types,
            levels=self.levels,
            units=tuple(self.units.values()),
            unit_kinds=tuple(kinds[unit] for unit in self.units),
            sections=tuple(self.sections.values()),
            qualifications=tuple(self.qualifications.values()),
            courses=tuple(self.courses.values()),
            competencies=tuple(self.competencies.values()),
        )

    def _only(self, statement: Any, officer_id: Any) -> Any:
        return statement if self.officer_ids is None else statement.where(officer_id.in_(self.officer_ids))

    def _officers(self) -> dict[str, Any]:
        left = func.coalesce(ordinal(Officer.left_on), OPEN)
        days = select(Officer.id, ordinal(Officer.birth_date), ordinal(Officer.entry_date), left).order_by(Officer.id)
        ids, births, entry, left_on = numbers(self.session, self._only(days, Officer.id), 4)
        named = self._only(select(Officer.id, Officer.officer_no).order_by(Officer.id), Officer.id)
        self.persons = ids
        return {
            "officer_no": np.array([row[1] for row in _rows(self.session, named)] or [""][:0], dtype=str),
            "row": ids,
            "entry": entry,
            "retirement": retires_on_many(births),
            "left": left_on,
        }

    def _persons_of(self, officer_ids: Column) -> Column:
        """The persons with these ids; ids that follow one another, as they mostly do, need no search."""
        ids = self.persons
        if len(ids) and ids[-1] - ids[0] + 1 == len(ids):
            return officer_ids - ids[0]
        return np.searchsorted(ids, officer_ids)

    def _fact_columns(self, model: Any, *columns: Any, also: Sequence[Any] = ()) -> tuple[Column, ...]:
        """Person, number and other columns of the facts of a kind that stand (and meet what is asked ``also``)."""
        statement = select(model.officer_id, model.id, *columns).where(model.voided_at.is_(None), *also)
        found = numbers(self.session, self._only(statement, model.officer_id), 2 + len(columns))
        return (self._persons_of(found[0]), *found[1:])

    def _postings(self) -> f.Table:
        person, row, post, kind, level, unit, first, last, acting = self._fact_columns(
            Posting,
            Posting.post_id,
            _place(Posting.position_type, self.types),
            _place(Posting.level, self.levels),
            Posting.unit_id,
            ordinal(Posting.started_on),
            func.coalesce(ordinal(Posting.ended_on), OPEN),
            case((Posting.acting, 1), else_=0),
        )
        return f.Postings(
            person, row, _numbered(post, self.posts), kind, level, _numbered(unit, self.units), first, last, acting > 0
        )

    def _delegations(self) -> f.Table:
        section = _place(Delegation.section_code, tuple(self.sections.values()))
        return f.Delegations(*self._fact_columns(Delegation, section, ordinal(Delegation.started_on)))

    def _works(self) -> f.Table:
        """Works count from the day on which they are both done and verified."""
        verified = func.coalesce(ordinal(EvidencedWork.verified_on), 0)
        person, row, done, day = self._fact_columns(EvidencedWork, ordinal(EvidencedWork.done_on), verified)
        counts = day > 0
        return f.Works(person[counts], row[counts], np.maximum(done, day)[counts])

    def _qualifications(self) -> f.Table:
        table = officer_qualification.c
        code = _place(table.qualification_code, tuple(self.qualifications.values()))
        found = numbers(self.session, self._only(select(table.officer_id, code), table.officer_id), 2)
        return f.Qualifications(self._persons_of(found[0]), np.zeros_like(found[0]), found[1])

    def _passes(self) -> f.Table:
        passed = case((TrainingRecord.result == "passed", 1), else_=0)
        person, row, course, day, kept = self._fact_columns(
            TrainingRecord, TrainingRecord.course_id, ordinal(TrainingRecord.completed_on), passed
        )
        rows = kept > 0
        return f.Passes(person[rows], row[rows], _numbered(course, self.courses)[rows], day[rows])

    def _ratings(self) -> f.Table:
        """Ratings count when released (domain page §3); imported ones were decided elsewhere and are released at import."""
        rating = CompetencyRating
        code = _place(rating.competency_code, tuple(self.competencies.values()))
        released = (rating.released_at.is_not(None),)
        return f.Ratings(*self._fact_columns(rating, code, rating.rating, ordinal(rating.rated_on), also=released))

    def _equivalents(self) -> tuple[f.Equivalent, ...]:
        rows = self.session.execute(
            select(
                CourseEquivalent.course_id,
                CourseEquivalent.equivalent_id,
                func.coalesce(ordinal(CourseEquivalent.valid_from), 1),
                func.coalesce(ordinal(CourseEquivalent.valid_until), OPEN),
            )
            .where(CourseEquivalent.withdrawn_at.is_(None))
            .order_by(CourseEquivalent.id)
        )
        return tuple(f.Equivalent(self.courses[a], self.courses[b], first, last) for a, b, first, last in rows)


def _rows(session: Session, statement: Select[Any]) -> Iterator[Any]:
    cursor = _cursor(session, _sql(session, statement))
    for rows in iter(lambda: cursor.fetchmany(CHUNK), []):
        yield from rows
    cursor.close()


def _place(column: Any, codes: Sequence[str]) -> ColumnElement[int]:
    """A code as its place among the codes, worked out by the database; unresolved where it is none of them."""
    if not codes:
        return case((column.is_(None), f.UNKNOWN), else_=f.UNKNOWN)
    return case({code: place for place, code in enumerate(codes)}, value=column, else_=f.UNKNOWN)


def _numbered(keys: Column, words: dict[Any, str]) -> Column:
    """Database numbers as places among the words."""
    ids = np.array(list(words), np.int64)
    order = np.argsort(ids)
    return order[np.searchsorted(ids[order], keys)] if len(ids) else keys


def traits(session: Session, facts: f.Facts) -> tuple[Column, Column]:
    """Per person of ``facts``: sex (0 female, 1 male, 2 not recorded) and day of birth; for fairness figures only."""
    sex = case({"f": 0, "m": 1}, value=Officer.sex, else_=2)
    ids, sexes, births = numbers(session, select(Officer.id, sex, ordinal(Officer.birth_date)).order_by(Officer.id), 3)
    places = np.searchsorted(ids, facts.row)
    return sexes[places], births[places]
