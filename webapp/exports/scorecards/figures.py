"""The figures of very many officers: one sheet, one row each, written row by row so that memory does not grow with them.

For more officers than can have a sheet each (``layout.MOST_OFFICER_SHEETS``). Whole columns are read and rounded at once;
each column knows beforehand how its cells are written.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flask_babel import gettext as _
from sqlalchemy import BigInteger, String, case, cast, func, select, type_coerce
from sqlalchemy.orm import Session
from xlsxwriter.worksheet import Worksheet

from webapp.assessments.queries import ranking_plan
from webapp.assessments.ranking.columns import SAFE, ExactColumn, Whole, largest, times, wide
from webapp.assessments.ranking.ranks import Ranking, rank
from webapp.assessments.ranking.reasons import reasons_of
from webapp.courses.models import Attendance, Cohort, CourseSession
from webapp.courses.queries import sessions_of
from webapp.exports.scorecards.layout import decimal_format
from webapp.language import language
from webapp.records.columns import CohortColumns, columns_of, named_components
from webapp.records.words import component_name, reason_words
from webapp.shortlist.queries import plan_or_refusal
from webapp.spreadsheets.writing import LONGEST_TEXT, NEVER_FORMULA, Book

CHUNK = 500
"""Rows turned into Python values at a time."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its words, its width, and the decimals of its figures (none: text)."""

    words: str
    width: float
    decimals: int | None = None


Column = Callable[[int, int], Sequence[Any]]
"""The values of rows from … to …; none for an empty cell."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The sheet's columns, and how many people there are."""

    headings: tuple[Heading, ...]
    columns: tuple[Column, ...]
    count: int
    ranked: int

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Row by row, some at a time."""
        for start in range(0, self.count, CHUNK):
            end = min(start + CHUNK, self.count)
            yield from zip(*(column(start, end) for column in self.columns), strict=True)


def write_figures(book: Book, sheet: Worksheet, headings: Sequence[Heading], rows: Iterable[Sequence[Any]]) -> int:
    """Write the rows below their headings; text stays text. Returns how many there were."""
    _head(book, sheet, headings)
    writers: list[tuple[int, Any, Any]] = []
    for column, heading in enumerate(headings):
        if heading.decimals is None:
            writers.append((column, sheet.write_string, book.format()))
        else:
            look = book.format(num_format=decimal_format(heading.decimals), align="right")
            writers.append((column, sheet.write_number, look))
    quoted = book.format(quote_prefix=True)
    texts = frozenset(column for column, heading in enumerate(headings) if heading.decimals is None)
    row = 0
    for row, values in enumerate(rows, start=1):
        for (column, write, look), value in zip(writers, values, strict=True):
            if value is None:
                continue
            if column in texts and value.startswith(NEVER_FORMULA):
                write(row, column, value[:LONGEST_TEXT], quoted)
            else:
                write(row, column, value, look)
    return row


def _head(book: Book, sheet: Worksheet, headings: Sequence[Heading]) -> None:
    for column, heading in enumerate(headings):
        sheet.set_column(column, column, heading.width)
    sheet.set_row(0, 66)
    for column, heading in enumerate(headings):
        right = {} if heading.decimals is None else {"align": "right"}
        sheet.write_string(0, column, heading.words, book.heading(**right))
    sheet.freeze_panes(1, 3)
    sheet.repeat_rows(0)


def gather_figures(session: Session, cohort: Cohort) -> Figures:
    """The ranking as it stands now with everybody's figures, the ranked first. Raises ``RuleBroken`` without a plan."""
    plan = plan_or_refusal(session, cohort)
    columns = columns_of(session, cohort)
    ranking = rank(ranking_plan(plan, cohort.shortlist_size), columns.people)
    return _Gathered(session, cohort, columns, ranking, named_components(plan)).figures()


class _Gathered:
    """The columns of a cohort in the order of its ranking."""

    def __init__(
        self,
        session: Session,
        cohort: Cohort,
        columns: CohortColumns,
        ranking: Ranking,
        names: dict[str, dict[str, str]],
    ) -> None:
        self.session, self.cohort, self.columns, self.ranking, self.names = session, cohort, columns, ranking, names
        self.order = np.asarray(ranking.order, np.int64)
        self.made: list[tuple[Heading, Column]] = []

    def figures(self) -> Figures:
        ranking, people, decimals = self.ranking, self.columns.people, self.ranking.plan.decimals
        english = language() == "en"
        names = [e or t for t, e in zip(self.columns.names_th, self.columns.names_en, strict=True)]
        self._whole(_("ลำดับ"), ranking.rank, ranking.ranked)
        self._texts(_("เลขประจำตัวข้าราชการ"), self.columns.officer_nos, 16)
        self._texts(_("ชื่อ"), names if english else self.columns.names_th, 32)
        for component in ranking.plan.components:
            self._exact(component_name(self.names, component.code), people.scores.get(component.code), decimals)
        self._scaled(_("คะแนนรวม"), ranking.rounded, decimals, ranking.ranked)
        self._flag(_("อยู่ใน %(size)s ลำดับแรก", size=ranking.plan.size), ranking.shortlisted)
        self._flag(_("เท่ากันคร่อมเส้น"), ranking.tied_at_line)
        self._exact(_("ชั่วโมงที่เข้าเรียน"), people.attended, 2)
        self._whole(_("สอนงานและให้คำปรึกษา (นาที)"), people.coaching_minutes)
        self._whole(_("เรียนรู้งานจากต้นแบบ (นาที)"), self.columns.shadowing_minutes)
        self._sessions()
        self._reasons()
        return Figures(
            tuple(heading for heading, _column in self.made), tuple(column for _heading, column in self.made),
            len(ranking), int(ranking.ranked.sum()),
        )  # fmt: skip

    def _add(self, heading: Heading, values: Any, present: Any = None) -> None:
        """A column of numbers in the ranking's order; absent ones are left empty."""
        ordered = np.asarray(values)[self.order]
        there = None if present is None or bool(np.asarray(present).all()) else np.asarray(present)[self.order]

        def some(start: int, end: int) -> Sequence[Any]:
            found: list[Any] = ordered[start:end].tolist()
            if there is None:
                return found
            return [value if known else None for value, known in zip(found, there[start:end].tolist(), strict=True)]

        self.made.append((heading, some))

    def _texts(self, words: str, values: Sequence[str], width: float) -> None:
        order = self.order.tolist()
        self.made.append((Heading(words, width), lambda start, end: [values[row] for row in order[start:end]]))

    def _whole(self, words: str, values: Any, present: Any = None) -> None:
        if values is not None:
            self._add(Heading(words, 11, 0), values, present)

    def _scaled(self, words: str, whole: Whole, decimals: int, present: Any = None) -> None:
        """Whole numbers of the last decimal as the numbers they mean."""
        self._add(Heading(words, 12, decimals), np.asarray(whole, np.float64) / 10**decimals, present)

    def _exact(self, words: str, column: ExactColumn | None, decimals: int) -> None:
        if column is None:
            empty = np.zeros(len(self.order), np.int64)
            self._scaled(words, empty, decimals, empty.astype(bool))
        else:
            self._scaled(words, half_up_column(column, decimals), decimals, column.present)

    def _flag(self, words: str, mask: Any) -> None:
        yes = _("ใช่")
        flags = np.asarray(mask)[self.order]
        self.made.append(
            (Heading(words, 12), lambda start, end: [yes if flag else None for flag in flags[start:end].tolist()])
        )

    def _sessions(self) -> None:
        place = {enrollment_id: row for row, enrollment_id in enumerate(self.columns.enrollment_ids)}
        ids = np.array(sorted(place), np.int64)
        rows = np.array([place[number] for number in ids.tolist()], np.int64)
        hours = _hours(self.session, self.cohort.id)
        for held in sessions_of(self.session, self.cohort):
            column, present = np.zeros(len(place), np.int64), np.zeros(len(place), bool)
            if held.id in hours and len(ids):
                people, hundredths = hours[held.id]
                found = np.searchsorted(ids, people).clip(max=len(ids) - 1)
                known = ids[found] == people
                column[rows[found[known]]], present[rows[found[known]]] = hundredths[known], True
            self._scaled(held.code, column, 2, present)

    def _reasons(self) -> None:
        order, ranking, names = self.order.tolist(), self.ranking, self.names

        def some(start: int, end: int) -> list[str | None]:
            return [
                "; ".join(reason_words(reason, names) for reason in reasons_of(ranking, row)) or None
                if not ranking.ranked[row] else None
                for row in order[start:end]
            ]  # fmt: skip

        self.made.append((Heading(_("เหตุผล"), 60), some))


def half_up_column(column: ExactColumn, decimals: int) -> Whole:
    """A column rounded half up, in units of the last decimal; 0 where there is none."""
    below = column.denominators if isinstance(column.denominators, int) else np.asarray(column.denominators)
    numbers = np.where(column.present, column.numerators, column.numerators.dtype.type(0))
    doubled = times(numbers, 2 * 10**decimals)
    most = below if isinstance(below, int) else largest(below)
    if doubled.dtype != object and largest(doubled) + 2 * most < SAFE:
        return np.asarray((doubled + below) // (2 * below))
    under: Any = below if isinstance(below, int) else wide(below)
    return np.asarray((wide(doubled) + under) // (2 * under))


def _hours(session: Session, cohort_id: int) -> dict[int, tuple[Whole, Whole]]:
    """By session: who has a row, and their hundredths of hours; each session comes as two texts of numbers."""
    hundredths = case((Attendance.present, type_coerce(Attendance.hours, BigInteger)), else_=0)
    rows = session.execute(
        select(
            Attendance.session_id, func.aggregate_strings(cast(Attendance.enrollment_id, String), " "),
            func.aggregate_strings(cast(hundredths, String), " "),
        )
        .join(CourseSession, CourseSession.id == Attendance.session_id)
        .where(CourseSession.cohort_id == cohort_id)
        .group_by(Attendance.session_id)
    )  # fmt: skip
    return {
        number: (np.array(ids.split(" "), np.int64), np.array(hours.split(" "), np.int64))
        for number, ids, hours in rows
    }
