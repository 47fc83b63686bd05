"""Goal 1: figures of 10,000 officers × 60 columns, and the whole workbook of a cohort of 500 with its charts.

The floor of the figures is xlsxwriter with the rows in hand: one typed call per cell, constant memory. The floor of the
cohort's workbook is the same cells, formulas and charts written again by bare xlsxwriter calls, recorded from ours.
"""

import datetime as dt
import io
import itertools
import random
import resource
import tempfile
import tracemalloc
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from sqlalchemy import insert
from sqlalchemy.orm import Session
from xlsxwriter.chart import Chart
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from benchmarks.measuring import Result, beside
from tests.databases import config_for, fill, make
from webapp.assessments.models import AssessmentPlan, CompetencyRating, PlanComponent, PlanGate, ScoreEntry
from webapp.audit import GENESIS
from webapp.coaching.models import CoachingSession
from webapp.courses.models import Attendance, Cohort, CourseSession, Enrollment
from webapp.courses.queries import cohort_by_code
from webapp.database import db
from webapp.exports.scorecards.book import figures_workbook, workbook
from webapp.exports.scorecards.figures import Figures, Heading, gather_figures, write_figures
from webapp.exports.scorecards.gathering import gather
from webapp.officers.models import Officer
from webapp.spreadsheets.writing import Book

NOW = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
MANY, COMPONENTS, SESSIONS = 10_000, 10, 40
"""With rank, number, name, composite, two flags, three totals and the reasons: sixty columns."""

COHORT = 500
MEMBERS = ("กรรมการหนึ่ง", "กรรมการสอง", "กรรมการสาม")


def filled(session: Session, code: str, people: int, components: int, sessions: int, members: Sequence[str]) -> None:
    """A cohort with everything a scorecard shows, written set-wise."""
    chance = random.Random(people)
    stamp = {"entered_by": "x", "entered_at": NOW}
    cohort = Cohort(code=code, course_id=1, name_th=f"รุ่น {code}", starts_on=dt.date(2026, 1, 5), ends_on=dt.date(2026, 6, 30),
                    seats=people, created_at=NOW, created_by="x")  # fmt: skip
    session.add(cohort)
    session.flush()
    plan = AssessmentPlan(
        cohort_id=cohort.id, purpose="ranking", version=1, status="in-force", drafted_by="x", drafted_at=NOW
    )
    plan.components = [
        PlanComponent(position=n, code=f"c{n}", name_th=f"องค์ประกอบที่ {n}", weight=Decimal(100) / components,
                      maximum=Decimal(100), pass_percent=Decimal(50), reason="x") for n in range(components)
    ]  # fmt: skip
    plan.gates = [
        PlanGate(kind="attendance_percent", value=Decimal(80)),
        PlanGate(kind="coaching_hours", value=Decimal(12)),
    ]
    session.add(plan)
    held = [CourseSession(cohort_id=cohort.id, code=f"S{n:02d}", name_th=f"หัวข้อที่ {n}", part="lecture",
                          held_on=dt.date(2026, 1, 6) + dt.timedelta(n), hours=Decimal(6)) for n in range(sessions)]  # fmt: skip
    session.add_all(held)
    session.flush()
    first = 1 + people * 10
    ids = range(first, first + people)
    session.execute(insert(Officer), [
        {"id": n, "officer_no": f"{n:07d}", "title": "นาย", "given_name": "สมชาย", "family_name": f"ใจดี{n}", "sort_key": "ก",
         "birth_date": dt.date(1970, 1, 1), "entry_date": dt.date(1995, 1, 1) + dt.timedelta(n % 4000)} for n in ids])  # fmt: skip
    session.execute(insert(Enrollment), [
        {"id": n, "cohort_id": cohort.id, "officer_id": n, "status": "enrolled", "decided_by": "x", "decided_at": NOW} for n in ids])  # fmt: skip
    session.execute(insert(ScoreEntry), [
        {"enrollment_id": n, "purpose": "ranking", "component": f"c{c}", "member": member, "maximum": Decimal(100),
         "score": Decimal(chance.randint(4900, 9900)).scaleb(-2), "import_id": 1, **stamp}
        for n in ids for c in range(components) for member in members])  # fmt: skip
    for one in held:
        session.execute(insert(Attendance), [
            {"session_id": one.id, "enrollment_id": n, "present": True, "hours": Decimal(chance.choice((6, 6, 6, 3))), **stamp}
            for n in ids])  # fmt: skip
    session.execute(insert(CoachingSession), [
        {"enrollment_id": n, "mentor_id": first, "held_on": dt.date(2026, 2, 1), "kind": "coaching", "minutes": chance.randint(700, 1200),
         "topic": "x", "recorded_by": "x", "recorded_at": NOW, "acknowledged_at": NOW} for n in ids])  # fmt: skip
    session.execute(insert(CompetencyRating), [
        {"officer_id": n, "competency_code": code_, "rating": chance.randint(2, 5), "rated_on": dt.date(2026, 5, 1), "method": "x", "released_at": NOW, **stamp}
        for n in ids for code_ in ("integrity", "service-mind", "achievement", "teamwork", "expertise", "leadership")])  # fmt: skip
    session.commit()


# --- figures ---------------------------------------------------------------------------------------------------------


def by_hand(headings: Sequence[Heading], rows: Sequence[Sequence[Any]]) -> bytes:
    """The floor: the rows in hand, one typed call per cell, constant memory."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    sheet, looks = (
        book.add_worksheet(),
        {n: book.add_format({"num_format": "0." + "0" * n if n else "0"}) for n in (0, 2)},
    )
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading.words)
    for row, values in enumerate(rows, start=1):
        for column, value in enumerate(values):
            if value is None:
                continue
            decimals = headings[column].decimals
            if decimals is None:
                sheet.write_string(row, column, value)
            else:
                sheet.write_number(row, column, value, looks[decimals])
    book.close()
    return target.getvalue()


def ours(headings: Sequence[Heading], rows: Sequence[Sequence[Any]]) -> bytes:
    """The same rows by the exports' own writer."""
    target = io.BytesIO()
    with Book(target, created=NOW, constant_memory=True) as book:
        write_figures(book, book.sheet("x"), headings, rows)
    return target.getvalue()


def figures_of(session: Session) -> Figures:
    return gather_figures(session, cohort_by_code(session, "MANY"))


def from_database(session: Session) -> bytes:
    """From the rows of the ledger to the last byte."""
    session.rollback()
    session.expire_all()
    return figures_workbook(figures_of(session), "x", NOW, (0, GENESIS))


def peak_of(rows: int) -> float:
    """MiB at the most in use while so many rows of sixty cells are written."""
    heads = [Heading(f"c{n}", 10, None if n % 5 == 0 else 2) for n in range(60)]
    row = [f"ข้อความ {n}" if n % 5 == 0 else n / 8 for n in range(60)]
    with tempfile.TemporaryFile() as target:
        tracemalloc.start()
        with Book(target, created=NOW, constant_memory=True) as book:
            write_figures(book, book.sheet("x"), heads, itertools.repeat(row, rows))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak / 2**20


# --- a cohort's workbook ---------------------------------------------------------------------------------------------

RECORDED = {
    Worksheet: ("write_string", "write_number", "write_formula", "write_blank", "write_datetime", "write_url", "merge_range",
                "set_row", "set_column", "insert_chart", "freeze_panes", "repeat_rows", "autofilter", "fit_to_pages",
                "set_paper", "set_margins", "set_landscape", "set_default_row", "hide_gridlines", "set_header", "set_footer",
                "print_area"),
    Chart: ("add_series", "set_x_axis", "set_y_axis", "set_legend", "set_title", "set_chartarea", "set_size"),
    Workbook: ("__init__", "add_worksheet", "add_chart", "add_format"),
}  # fmt: skip


class Recording:
    """What was asked of xlsxwriter, to be asked again without us."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, str, tuple[Any, ...], dict[str, Any], Any]] = []
        self.inside = 0

    def __enter__(self) -> "Recording":
        self.kept = {(kind, name): getattr(kind, name) for kind, names in RECORDED.items() for name in names}
        for (kind, name), method in self.kept.items():
            setattr(kind, name, self._noting(name, method))
        return self

    def __exit__(self, *_: object) -> None:
        for (kind, name), method in self.kept.items():
            setattr(kind, name, method)

    def _noting(self, name: str, method: Any) -> Any:
        def noted(thing: Any, *args: Any, **kwargs: Any) -> Any:
            self.inside += 1
            try:
                made = method(thing, *args, **kwargs)
            finally:
                self.inside -= 1
            if not self.inside:
                self.calls.append((thing, name, args, kwargs, made))
            return made

        return noted

    def again(self) -> bytes:
        """The same workbook by bare calls."""
        target = io.BytesIO()
        book = xlsxwriter.Workbook(target, self.calls[0][2][1])
        things: dict[int, Any] = {}
        for thing, name, args, kwargs, made in self.calls[1:]:
            to = book if isinstance(thing, Workbook) else things[id(thing)]
            told = [things.get(id(arg), arg) if isinstance(arg, Format | Chart) else arg for arg in args]
            found = getattr(to, name)(*told, **kwargs)
            if isinstance(made, Worksheet | Format | Chart):
                things[id(made)] = found
        book.close()
        return target.getvalue()


def whole_cohort(session: Session) -> bytes:
    """From the ledger to the last byte: summary, ranking, marks, attendance, 500 scorecards with their radars."""
    session.rollback()
    session.expire_all()
    return workbook(gather(session, cohort_by_code(session, "COHORT")))


def measure() -> Iterator[Result]:
    """Figures with rows in hand and from the database; then the cohort's workbook."""
    with tempfile.TemporaryDirectory() as folder:
        app = make(config_for(f"sqlite:///{folder}/kaona.sqlite", Path(folder)))
        fill(app, "reference")
        with app.app_context():
            session = db.session
            filled(session, "MANY", MANY, COMPONENTS, SESSIONS, ("",))
            filled(session, "COHORT", COHORT, 4, 12, MEMBERS)
            figures = figures_of(session)
            heads, rows = figures.headings, [tuple(row) for row in figures.rows()]
            assert (len(heads), len(rows)) == (60, MANY)
            floor_name = "xlsxwriter, rows in hand"
            what = f"figures of {MANY:,} × {len(heads)}"
            own, floor = beside(lambda: ours(heads, rows), lambda: by_hand(heads, rows), rounds=3)
            small, large = peak_of(1_000), peak_of(MANY)
            note = f"at most {small:.1f} MiB in use for 1,000 rows, {large:.1f} MiB for {MANY:,}"
            yield Result("1", f"{what}, rows in hand", own, floor_name, floor, at_most=1.15, note=note)
            own, floor = beside(lambda: from_database(session), lambda: by_hand(heads, rows), rounds=3)
            yield Result("1", f"{what}, from the database", own, floor_name, floor, at_most=1.5)
            yield from _cohort(session)
            session.close()
            db.engine.dispose()


def _cohort(session: Session) -> Iterator[Result]:
    recording = Recording()
    with recording:
        content = whole_cohort(session)
    assert abs(len(recording.again()) / len(content) - 1) < 0.1
    own, floor = beside(lambda: whole_cohort(session), recording.again, rounds=3)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    note = f"{len(recording.calls):,} calls, {len(content) / 2**20:.1f} MiB, peak memory {peak:.0f} MiB"
    what = f"workbook of {COHORT} officers with charts, from the database"
    yield Result("1", what, own, "the same cells and charts by bare calls", floor, at_most=1.3, note=note)
