"""What a file may refer to: the codes the database knows, and those that earlier sheets of the same workbook bring.

Everything is looked up for a whole column at once. While a file is checked nothing has an id yet: rows are compared by
their codes, and codes become ids only when the rows are written.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.careers.models import Competency, Course, PositionLevel, Post, Qualification, Section, Unit
from webapp.courses.models import Cohort
from webapp.officers.models import Officer
from webapp.spreadsheets.cells import squeezed
from webapp.spreadsheets.reading import Table

ASK_ALL_FROM = 2_000
"""For more codes than this the whole column is fetched: cheaper than asking for thousands by name."""

ASK_AT_ONCE = 500

_CODES: dict[str, tuple[Any, Any]] = {
    "officer": (Officer.officer_no, Officer.id),
    "unit": (Unit.code, Unit.id),
    "post": (Post.code, Post.id),
    "course": (Course.code, Course.id),
    "cohort": (Cohort.code, Cohort.id),
}
_NAMED: dict[str, tuple[Any, Any]] = {
    "section": (Section.code, Section.name_th),
    "competency": (Competency.code, Competency.name_th),
    "qualification": (Qualification.code, Qualification.name_th),
}


def _l(text: str) -> str:
    """Marks a text for the English catalog; it is translated where it is shown."""
    return text


UNKNOWN = {
    "officer": _l("ไม่พบข้าราชการเลขนี้ ทั้งในระบบและในไฟล์นี้"),
    "unit": _l("ไม่พบหน่วยงานรหัสนี้ ทั้งในระบบและในไฟล์นี้"),
    "cohort": _l("ไม่พบรุ่นรหัสนี้"),
    "section": _l("ไม่รู้จักฝ่ายนี้"),
    "competency": _l("ไม่รู้จักสมรรถนะนี้"),
    "qualification": _l("ไม่รู้จักคุณสมบัตินี้: %(code)s"),
}


def rows_of(session: Session, statement: Any, column: Any, values: Collection[Any]) -> Iterator[Sequence[Any]]:
    """The rows of ``statement`` whose ``column`` is among ``values`` (or all of them, where that is cheaper)."""
    if len(values) > ASK_ALL_FROM:
        yield from session.execute(statement)
        return
    wanted = sorted(values, key=str)
    for start in range(0, len(wanted), ASK_AT_ONCE):
        yield from session.execute(statement.where(column.in_(wanted[start : start + ASK_AT_ONCE])))


OWN_POINTS = _l("ให้คะแนนหรือประเมินตนเองไม่ได้ ให้ผู้อื่นเป็นผู้นำเข้า")


class Known:
    """The codes that exist or are coming, and today's date."""

    def __init__(self, session: Session, today: dt.date, imported_by: str, account_id: int | None = None) -> None:
        self.session = session
        self.today = today
        self.imported_by = imported_by
        self.account_id = account_id
        self._ids: dict[str, dict[str, int]] = {name: {} for name in _CODES}
        self._asked: dict[str, set[str]] = {name: set() for name in _CODES}
        self._named: dict[str, dict[str, str]] = {}
        self._levels: dict[str, dict[str, str]] | None = None
        self.coming: dict[str, set[Any]] = {}
        self.notes: dict[Any, Any] = {}

    def ids(self, name: str, codes: Iterable[str | None]) -> dict[str, int]:
        """Code → id of those of ``codes`` that the database has."""
        code_column, id_column = _CODES[name]
        wanted = {code for code in codes if code is not None} - self._asked[name]
        if wanted:
            found = self._ids[name]
            for code, number in rows_of(self.session, select(code_column, id_column), code_column, wanted):
                found[code] = number
            self._asked[name] |= wanted
        return self._ids[name]

    def forget(self, name: str) -> None:
        """Ask again: rows were added."""
        self._ids[name].clear()
        self._asked[name].clear()

    def come(self, name: str, codes: Iterable[Any]) -> None:
        """Note what this file itself brings."""
        self.coming.setdefault(name, set()).update(codes)

    def check_codes(self, table: Table, column: str, name: str) -> None:
        """Reject every cell of ``column`` whose code neither the database nor this file has."""
        for place in self.unknown_places(table, column, name):
            table.reject(place, column, UNKNOWN[name])

    def unknown_places(self, table: Table, column: str, name: str) -> list[int]:
        """The places of ``column`` whose code neither the database nor this file has."""
        values = table.columns.get(column)
        if values is None:
            return []
        found = self.ids(name, set(values))
        coming = self.coming.get(name, set())
        unknown = {code for code in set(values) if code is not None and code not in found and code not in coming}
        return [place for place, code in enumerate(values) if code in unknown] if unknown else []

    def resolve_names(self, table: Table, column: str, name: str) -> None:
        """Turn each cell of ``column`` into its code, told by code or Thai name; reject what is neither."""
        values = table.columns.get(column)
        if values is None:
            return
        known = self.named(name)
        codes = {value: known.get(squeezed(value)) for value in set(values) if value is not None}
        for place, value in enumerate(values):
            if value is not None and codes[value] is None:
                table.reject(place, column, UNKNOWN[name], **({"code": value} if "%(code)s" in UNKNOWN[name] else {}))
        table.columns[column] = [None if value is None else codes[value] for value in values]

    def named(self, name: str) -> dict[str, str]:
        """Squeezed code or Thai name → code, for what has few rows."""
        if name not in self._named:
            code, label = _NAMED[name]
            rows = self.session.execute(select(code, label)).all()
            labels = {squeezed(text): key for key, text in rows}
            short = {label.removeprefix("ฝ่าย"): key for label, key in labels.items()} if name == "section" else {}
            self._named[name] = short | labels | {squeezed(key): key for key, _ in rows}
        return self._named[name]

    def levels(self) -> dict[str, dict[str, str]]:
        """Position type → squeezed level or Thai name → level."""
        if self._levels is None:
            self._levels = {}
            columns = (PositionLevel.position_type, PositionLevel.level, PositionLevel.name_th)
            for kind, level, label in self.session.execute(select(*columns)):
                self._levels.setdefault(kind, {}).update({squeezed(level): level, squeezed(label): level})
        return self._levels

    def reject_own_rows(self, table: Table) -> None:
        """Nobody gives points to themselves, by a file no more than by a form (promise 10)."""
        if self.account_id is None:
            return
        own = set(self.session.scalars(select(Officer.officer_no).where(Officer.account_id == self.account_id)))
        for place, number in enumerate(table.column("officer_no")):
            if number in own:
                table.reject(place, "officer_no", OWN_POINTS)

    def not_after_today(self, table: Table, column: str, message: str) -> None:
        """Reject a day after today where only what has happened may be dated."""
        values = table.columns.get(column)
        if values is None:
            return
        for place, day in enumerate(values):
            if day is not None and day > self.today:
                table.reject(place, column, message)
