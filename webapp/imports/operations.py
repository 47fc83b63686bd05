"""A file is checked in full, then applied whole or not at all.

Checking only reads, and is done before the write transaction; applying writes set-wise under one audit entry with a
digest of every row it creates or changes. If anything was changed in between, the file is checked once more first.
"""

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.assessments.panels.operations import recuse_enrolled
from webapp.audit import Actor
from webapp.errors import BadInput, Conflict
from webapp.imports.changes import Changes, Digest
from webapp.imports.entry_rule import NOT_MET, warn_of_entry
from webapp.imports.kinds import KINDS, ROSTER
from webapp.imports.known import Known
from webapp.imports.models import ImportRun
from webapp.imports.writing import Run
from webapp.spreadsheets.cells import squeezed
from webapp.spreadsheets.reading import OpenFile, Problem, Table, open_file, read_table
from webapp.thai import is_national_id, masked_national_id, national_id_digits

HELP_SHEET = "คำอธิบาย"
"""The sheet of our own blank workbooks that explains the columns; it is never read."""

LISTS_SHEET = "_lists"
NEW_THINGS = {"postings": {"new-posts": "posts"}, "training": {"new-courses": "courses"}}
"""What a kind creates besides its own rows: the note that lists the codes, and what they are."""

FACTS = frozenset({"officers", "postings", "delegations", "works", "training", "competency-ratings"})
"""What an entry rule asks about: a workbook that brings some of it is held against the rule once it is written."""

KEPT_PROBLEMS = 5_000
"""How many problems and warnings the history keeps of one file; the report itself names every one."""


def _l(text: str) -> str:
    """Marks a text for the English catalog; it is translated where it is shown."""
    return text


WRITING = _l("กำลังบันทึก")
NATIONAL_ID_DIGITS = 13

Report = Callable[[int, str], None]


def _silent(_progress: int, _step: str) -> None:
    """Nobody watches."""


@dataclass
class Checked:
    """A file that was read and checked: what it would do, and what is wrong with it."""

    kind: str
    file_name: str
    file_sha256: str
    sheet: str
    tables: dict[str, Table] = field(default_factory=dict)
    changes: dict[str, Changes] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unusable: list[Problem] = field(default_factory=list)
    known: Known | None = None
    audit_length: int = 0
    again: Callable[[], "Checked"] | None = None

    @property
    def errors(self) -> list[Problem]:
        """Everything that stands in the way, in the order of sheets and rows."""
        order = {name: number for number, name in enumerate(KINDS)}
        found = self.unusable or self.problems
        return sorted(found, key=lambda one: (order.get(one.sheet, -1), one.row or 0))

    @property
    def fit(self) -> bool:
        """Whether the file can be applied."""
        return not self.unusable and not self.problems

    def counts(self) -> dict[str, dict[str, int]]:
        """Per kind: rows, created, updated, unchanged; nothing is created or updated by a file that is not fit."""
        found = {}
        for name, table in self.tables.items():
            changes = self.changes.get(name) if self.fit else None
            found[name] = (changes or Changes([], [])).counts(len(table))
        return found

    @cached_property
    def changes_digest(self) -> str:
        """The digest over every row that would be created or changed: by kind, key, and what it says.

        Taken before the write transaction begins, so that the one write lock is held for writing alone.
        """
        digest = Digest()
        for name, changes in self.changes.items():
            for note, thing in NEW_THINGS.get(name, {}).items():
                for code in self.known.notes.get(note, ()) if self.known is not None else ():
                    digest.add(thing, "created", code, {})
            keys = KINDS[name].keys(self.tables[name])
            for place in changes.created:
                digest.add(name, "created", keys[place], changes.row(place))
            for one in changes.updated:
                digest.add(name, "updated", keys[one.place], [one.before, changes.row(one.place)])
        return digest.hex()

    @property
    def changes_nothing(self) -> bool:
        """Whether every row says what is known already."""
        return not any(one.created or one.updated for one in self.changes.values())


def check_file(
    session: Session,
    actor: Actor,
    kind: str,
    source: Path | bytes,
    *,
    file_name: str = "",
    sheet: str | None = None,
    report: Report = _silent,
) -> Checked:
    """Read ``source`` as ``kind`` (or the whole ``roster``) and check every row, without writing anything.

    Raises :class:`BadInput` for a file that cannot be used at all.
    """
    if kind != ROSTER and kind not in KINDS:
        raise BadInput(_l("ไม่รู้จักชนิดการนำเข้า %(kind)s"), kind=kind)
    name = file_name or (source.name if isinstance(source, Path) else "")
    checked = Checked(kind, name[:255], _digest_of(source), sheet or "")
    checked.again = lambda: check_file(session, actor, kind, source, file_name=file_name, sheet=sheet)
    checked.audit_length = audit.head_of(session)[0]
    known = checked.known = Known(session, clock.today(), f"imported by {actor.name}"[:200], actor.account_id)
    _read_tables(checked, kind, source, sheet, report)
    for number, (kind_name, table) in enumerate(checked.tables.items()):
        report(65 + 25 * number // len(checked.tables), _l("กำลังตรวจข้อมูลกับที่มีอยู่"))
        if not checked.unusable:
            _check_table(kind_name, table, known, checked)
        if kind_name == "enrollments" and not (checked.unusable or table.problems) and FACTS.isdisjoint(checked.tables):
            warn_of_entry(session, table, checked.changes[kind_name], known)
        checked.problems += map(_without_national_id, table.problems)
        checked.warnings += map(_without_national_id, table.warnings)
    if kind == ROSTER and not checked.tables:
        raise BadInput(_l("ไม่มีแผ่นงานที่ตั้งชื่อตามชนิดข้อมูล เช่น officers หรือ postings"))
    report(95, _l("ตรวจเสร็จแล้ว"))
    return checked


def _read_tables(checked: Checked, kind: str, source: Path | bytes, sheet: str | None, report: Report) -> None:
    """Every sheet of the file that is to be read, as typed columns."""
    report(2, _l("กำลังเปิดไฟล์"))
    with open_file(source) as file:
        tabs = tabs_of(file, kind, sheet, checked)
        for number, (name, tab) in enumerate(tabs):
            report(5 + 60 * number // len(tabs), _l("กำลังอ่านและตรวจข้อมูล"))
            table = read_table(file.grid(tab), KINDS[name].columns, name if kind == ROSTER else "")
            _mask_national_ids(table)
            if kind == ROSTER and table.unusable and not table.unusable[0].column:
                continue  # a tab left empty
            checked.tables[name] = table
            checked.unusable += table.unusable


def _check_table(name: str, table: Table, known: Known, checked: Checked) -> None:
    kind = KINDS[name]
    kind.check(table, known)
    checked.changes[name] = kind.compare(table, known)


def tabs_of(file: OpenFile, kind: str, sheet: str | None, checked: Checked) -> list[tuple[str, str]]:
    """(kind, tab) of what is to be read, in the order of dependence."""
    by_name = {squeezed(tab): tab for tab in reversed(file.sheet_names)}
    if sheet is not None and squeezed(sheet) not in by_name:
        raise BadInput(_l("ไม่มีแผ่นงานชื่อ %(sheet)s"), sheet=sheet)
    if kind != ROSTER:
        if sheet is not None:
            return [(kind, by_name[squeezed(sheet)])]
        if not file.sheet_names:
            raise BadInput(_l("ไฟล์ไม่มีแผ่นงาน"))
        named = by_name.get(squeezed(kind)) or by_name.get(squeezed(KINDS[kind].title))
        return [(kind, named or file.sheet_names[0])]
    if file.type == "csv":
        raise BadInput(_l("ทะเบียนทั้งชุดต้องเป็นไฟล์ .xlsx ที่มีหลายแผ่น; ไฟล์ .csv ให้ระบุชนิดข้อมูล"))
    wanted = {squeezed(name): name for name in KINDS} | {squeezed(one.title): one.name for one in KINDS.values()}
    found: dict[str, str] = {}
    for tab in [by_name[squeezed(sheet)]] if sheet is not None else file.sheet_names:
        name = wanted.get(squeezed(tab))
        if name is None:
            if tab not in (HELP_SHEET, LISTS_SHEET):
                checked.warnings.append(Problem(None, "", tab, _l("ไม่รู้จักแผ่นงานนี้ จึงไม่ได้อ่าน"), sheet=tab))
        elif name in found:
            checked.unusable.append(Problem(None, "", tab, _l("มีแผ่นงานของชนิดนี้มากกว่าหนึ่งแผ่น"), sheet=name))
        else:
            found[name] = tab
    return [(name, found[name]) for name in KINDS if name in found]


def _digest_of(source: Path | bytes) -> str:
    if isinstance(source, bytes):
        return hashlib.sha256(source).hexdigest()
    try:
        with source.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BadInput(_l("เปิดไฟล์ %(file)s ไม่ได้"), file=source.name) from error


def _mask_national_ids(table: Table) -> None:
    """Reports never show a national id in full (promise 18)."""
    cells = table.cells.get("national_id")
    if cells is not None:
        table.cells["national_id"] = _Masked(cells)  # type: ignore[assignment]
        table.problems = [
            problem if problem.column != "national_id" else
            Problem(problem.row, problem.column, masked(problem.value), problem.message, problem.values, problem.sheet)
            for problem in table.problems
        ]  # fmt: skip


def _without_national_id(problem: Problem) -> Problem:
    """The same with a national id masked that stands in a column of another kind: columns slip when files are made."""
    return replace(problem, value=without_national_id(problem.value))


def without_national_id(text: str) -> str:
    """A text as it is, or masked where it is a national id."""
    if sum(one.isdigit() for one in text) < NATIONAL_ID_DIGITS:
        return text
    digits = national_id_digits(text)
    return masked_national_id(digits) if is_national_id(digits) else text


class _Masked:
    """The cells of a column of national ids, each masked when it is looked at."""

    def __init__(self, cells: Any) -> None:
        self._cells = cells

    def __getitem__(self, place: Any) -> Any:
        return masked(self._cells[place])

    def __len__(self) -> int:
        return len(self._cells)


def masked(cell: Any) -> str:
    """A cell of the national id column as reports show it."""
    from webapp.spreadsheets.cells import shown

    text = shown(cell)
    digits = national_id_digits(text)
    return masked_national_id(digits) if sum(one.isdigit() for one in digits) > 8 else text


# --- applying --------------------------------------------------------------------------------------------------------


def apply_checked(
    session: Session, actor: Actor, checked: Checked, *, run: ImportRun | None = None, report: Report = _silent
) -> ImportRun | None:
    """Write what ``checked`` found, in the caller's transaction; none (and nothing written) when nothing would change.

    ``run`` is the upload this belongs to, where there is one. Raises :class:`Conflict` when the file no longer fits.
    """
    if checked.changes_nothing and run is None:
        return None
    digest = checked.changes_digest
    if audit.head_of(session)[0] != checked.audit_length and checked.again is not None:
        checked = checked.again()
        digest = checked.changes_digest
    if not checked.fit or checked.known is None:
        raise Conflict(_l("ข้อมูลในระบบเปลี่ยนไประหว่างตรวจไฟล์ กรุณาตรวจไฟล์อีกครั้ง"))
    at = clock.now()
    run = run or new_run(session, actor, checked, at)
    writing = Run(run.id, at, checked.known.imported_by)
    checked.known.session = session
    for number, (name, table) in enumerate(checked.tables.items()):
        report(10 + 85 * number // len(checked.tables), WRITING)
        KINDS[name].write(session, table, checked.changes[name], checked.known, writing)
    _show_entry_rule(session, checked)
    _recuse_enrolled(session, actor, checked)
    run.status, run.applied_at = "applied", at
    run.counts, run.changes_digest = checked.counts(), digest
    run.warnings = kept(checked.warnings)
    audit.append(
        session,
        actor,
        "imports:file:apply",
        "import_run",
        run.id,
        after={
            "kind": checked.kind,
            "file": checked.file_name,
            "sha256": checked.file_sha256,
            "counts": run.counts,
            "changes_digest": run.changes_digest,
        },
    )
    session.expire_all()
    return run


def _show_entry_rule(session: Session, checked: Checked) -> None:
    """Evaluate the entry rule once everything is written: the same workbook may bring the facts it asks for."""
    table = checked.tables.get("enrollments")
    if table is not None and checked.known is not None:
        checked.warnings = [one for one in checked.warnings if one.message != NOT_MET]
        before = len(table.warnings)
        warn_of_entry(session, table, checked.changes["enrollments"], checked.known)
        checked.warnings += table.warnings[before:]


def _recuse_enrolled(session: Session, actor: Actor, checked: Checked) -> None:
    """A panel member who is now in the cohort is taken off its panels, and the report says so."""
    table = checked.tables.get("enrollments")
    if table is None or checked.known is None:
        return
    codes = table.column("cohort_code")
    cohorts = checked.known.ids("cohort", set(codes))
    for member in recuse_enrolled(session, actor, list(cohorts.values())):
        code = next(code for code, number in cohorts.items() if number == member.cohort_id)
        checked.warnings.append(
            Problem(None, "officer_no", code, _l("%(name)s เป็นกรรมการของรุ่นนี้ ระบบบันทึกการถอนตัวจากคณะกรรมการให้แล้ว"),
                    {"name": member.name}, "enrollments" if checked.kind == ROSTER else "")
        )  # fmt: skip


def new_run(session: Session, actor: Actor, checked: Checked, at: dt.datetime) -> ImportRun:
    """The history's row for a file."""
    run = ImportRun(
        kind=checked.kind,
        file_name=checked.file_name,
        file_sha256=checked.file_sha256,
        sheet=checked.sheet[:100],
        status="checked",
        uploaded_by=actor.name,
        uploaded_by_id=actor.account_id,
        uploaded_at=at,
    )
    session.add(run)
    session.flush()
    return run


def kept(problems: list[Problem]) -> list[dict[str, Any]]:
    """Problems as the history keeps them: the source text and what fills it in, translated when shown."""
    return [
        {
            "sheet": one.sheet,
            "row": one.row,
            "column": one.column,
            "value": one.value[:200],
            "message": str(one.message),
            "values": {name: str(value) for name, value in one.values.items()},
        }
        for one in problems[:KEPT_PROBLEMS]
    ]
