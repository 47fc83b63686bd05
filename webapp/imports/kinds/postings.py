"""Postings: the spells in which officers held posts."""

import datetime as dt
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.careers.models import Post, Unit
from webapp.imports.changes import Changes, Field
from webapp.imports.kinds.holders import warn_of_seats
from webapp.imports.kinds.kind import FactKind, check_dates
from webapp.imports.kinds.old_levels import OldLevels
from webapp.imports.kinds.shared_columns import OFFICER_NO, ORDER_REF, UNIT_CODE
from webapp.imports.known import Known, rows_of
from webapp.imports.writing import Run, insert_rows
from webapp.officers.models import Officer, Posting
from webapp.spreadsheets.cells import Choice, Code, Day, Flag, squeezed
from webapp.spreadsheets.reading import EMPTY_CELL, Column, Table


def _l(text: str) -> str:
    """Marks a text for the English catalog; it is translated where it is shown."""
    return text


POSITION_TYPES = {
    "executive": _l("บริหาร"),
    "managerial": _l("อำนวยการ"),
    "knowledge": _l("วิชาการ"),
    "general": _l("ทั่วไป"),
}


class Postings(FactKind):
    """``postings``: keyed by officer, post, unit and first day. Type and level of a row stand over the post's own."""

    name = "postings"
    title = _l("การดำรงตำแหน่ง")
    model = Posting
    columns = (
        OFFICER_NO,
        Column("post_code", _l("รหัสตำแหน่ง"), _l("เช่น district-director; รหัสใหม่จะสร้างเป็นตำแหน่งธรรมดา"), Code(60), required=True, key=True),
        Column("position_type", _l("ประเภทตำแหน่ง"), _l("บริหาร อำนวยการ วิชาการ หรือทั่วไป; ว่าง = ตามตำแหน่ง"), Choice(POSITION_TYPES)),
        Column("level", _l("ระดับ"), _l("ต้องเป็นระดับของประเภทนั้น เช่น ต้น สูง ชำนาญการพิเศษ หรือระดับเดิม เช่น ระดับ 7; ว่าง = ตามตำแหน่ง"), Code(60)),
        UNIT_CODE,
        Column("section", _l("ฝ่าย"), _l("ฝ่ายของสำนักงานเขต เช่น ทะเบียน"), Code(100)),
        Column("start_date", _l("วันที่เริ่ม"), _l("วันแรกที่ดำรงตำแหน่ง"), Day(), required=True, key=True),
        Column("end_date", _l("วันที่สิ้นสุด"), _l("วันสุดท้าย เว้นว่างถ้ายังดำรงตำแหน่งอยู่"), Day()),
        Column("acting", _l("รักษาการ"), _l("1 = รักษาการในตำแหน่ง 0 = ตัวจริง"), Flag()),
        ORDER_REF,
    )  # fmt: skip
    key_fields = (
        Field("officer_no", "officer_id", "officer"),
        Field("post_code", "post_id", "post"),
        Field("unit_code", "unit_id", "unit"),
        Field("start_date", "started_on"),
    )
    fields = (
        Field("position_type", "position_type"),
        Field("level", "level"),
        Field("section", "section_code"),
        Field("end_date", "ended_on"),
        Field("acting", "acting", empty=False),
        Field("order_ref", "order_ref", empty=""),
        Field("level_text", "level_text", empty=""),
    )

    def statement(self) -> Any:
        return (
            select(
                Posting.id, Officer.officer_no, Post.code, Unit.code, Posting.started_on, Posting.position_type,
                Posting.level, Posting.section_code, Posting.ended_on, Posting.acting, Posting.order_ref,
                Posting.level_text,
            )
            .join(Officer, Officer.id == Posting.officer_id)
            .join(Post, Post.id == Posting.post_id)
            .join(Unit, Unit.id == Posting.unit_id)
            .where(Posting.voided_at.is_(None))
        )  # fmt: skip

    def check(self, table: Table, known: Known) -> None:
        known.check_codes(table, "officer_no", "officer")
        known.check_codes(table, "unit_code", "unit")
        known.resolve_names(table, "section", "section")
        check_dates(table, "start_date", "end_date")
        self._note_new_posts(table, known)
        self._warn_of_overlaps(table)
        self._warn_of_service(table, known)
        warn_of_seats(table, known)

    def _note_new_posts(self, table: Table, known: Known) -> None:
        """A post code not yet known is created as a plain post and listed once in the report."""
        seen: set[str] = set()
        for place in known.unknown_places(table, "post_code", "post"):
            code = table.columns["post_code"][place]
            if code not in seen:
                seen.add(code)
                table.warn(place, "post_code", _l("ตำแหน่งนี้ยังไม่มีในระบบ จะสร้างเป็นตำแหน่งธรรมดา"))
        known.come("post", seen)
        known.notes["new-posts"] = sorted(seen)

    def _warn_of_overlaps(self, table: Table) -> None:
        """Two substantive postings of one officer at the same time are odd, not wrong."""
        spells: dict[str, list[tuple[dt.date, dt.date, int]]] = {}
        rows = zip(*(table.column(name) for name in ("officer_no", "start_date", "end_date", "acting")), strict=True)
        for place, (officer, start, end, acting) in enumerate(rows):
            if officer is not None and start is not None and not acting:
                spells.setdefault(officer, []).append((start, end or dt.date.max, place))
        for held in spells.values():
            if len(held) == 1:
                continue
            held.sort()
            last_day, last_place = held[0][1], held[0][2]
            for start, end, place in held[1:]:
                if start <= last_day:
                    table.warn(place, "start_date", _l("ซ้อนกับการดำรงตำแหน่งในแถว %(row)s"), row=table.rows[last_place])
                if end > last_day:
                    last_day, last_place = end, place

    def _warn_of_service(self, table: Table, known: Known) -> None:
        """A posting before entry or after leaving is odd."""
        service = known.notes.get("service")
        if service is None:
            service = {}
            statement = select(Officer.officer_no, Officer.entry_date, Officer.left_on)
            numbers = {number for number in table.column("officer_no") if number is not None}
            for number, entered, left in rows_of(known.session, statement, Officer.officer_no, numbers):
                service[number] = (entered, left)
            service.update(known.notes.get("coming-service", {}))
        rows = zip(table.column("officer_no"), table.column("start_date"), strict=True)
        for place, (number, start) in enumerate(rows):
            entered, left = service.get(number, (None, None))
            if start is not None and entered is not None and start < entered:
                table.warn(place, "start_date", _l("เริ่มก่อนวันบรรจุ"))
            if start is not None and left is not None and start > left:
                table.warn(place, "start_date", _l("เริ่มหลังวันที่พ้นจากราชการ"))

    def compare(self, table: Table, known: Known) -> Changes:
        self._fill_type_and_level(table, known)
        return super().compare(table, known)

    def existing(self, table: Table, known: Known) -> dict[Any, tuple[int, dict[str, Any]]]:
        if "existing-postings" not in known.notes:
            known.notes["existing-postings"] = super().existing(table, known)
        found: dict[Any, tuple[int, dict[str, Any]]] = known.notes["existing-postings"]
        return found

    def _fill_type_and_level(self, table: Table, known: Known) -> None:
        """An empty type or level is the post's own; a missing column leaves what is there; old levels are converted."""
        codes = {code for code in table.column("post_code") if code is not None}
        statement = select(Post.code, Post.position_type, Post.level)
        posts = {row[0]: (row[1], row[2]) for row in rows_of(known.session, statement, Post.code, codes)}
        old = OldLevels(known, table, posts)
        cells = [table.columns.get("position_type"), table.columns.get("level")]
        existing = self.existing(table, known)
        keys = self.keys(table) if existing else []
        rejected = {(problem.row, problem.column) for problem in table.problems}
        kinds: list[str | None] = []
        filled: list[str | None] = []
        texts: list[str] = []
        right = _LevelOfType(known)
        for place, code in enumerate(table.column("post_code")):
            there = existing[keys[place]][1] if existing and keys[place] in existing else None
            if place in old.converted:
                kind, level = old.converted[place]
            else:
                default = posts.get(code, (None, None))
                kind, level = (
                    (there[name] if there else default[number]) if cell is None else (cell[place] or default[number])
                    for number, (name, cell) in enumerate(zip(("position_type", "level"), cells, strict=True))
                )
            if place not in old.refused:
                for name, value in (("position_type", kind), ("level", level)):
                    if value is None and (table.rows[place], name) not in rejected:
                        table.reject(place, name, EMPTY_CELL)
                level = right.level(table, place, kind, level)
            kinds.append(kind)
            filled.append(level)
            texts.append(old.text(place, there, kind, level))
        table.columns |= {"position_type": kinds, "level": filled, "level_text": texts}

    def write(self, session: Session, table: Table, changes: Changes, known: Known, run: Run) -> None:
        new = known.notes.get("new-posts", ())
        if new:
            rows = [{"code": code, "name_th": code, "name_en": "", "import_id": run.id} for code in new]
            insert_rows(session, Post.__table__, iter(rows))  # type: ignore[arg-type]
            known.forget("post")
        super().write(session, table, changes, known, run)


class _LevelOfType:
    """Each level in its one spelling; one that is not of its type is rejected."""

    def __init__(self, known: Known) -> None:
        self._levels = known.levels()
        self._checked: dict[tuple[str, str], str | None] = {}

    def level(self, table: Table, place: int, kind: str | None, level: str | None) -> str | None:
        """The level as it is kept; none where the type does not have it."""
        if kind is None or level is None:
            return level
        if (kind, level) not in self._checked:
            self._checked[kind, level] = self._levels.get(kind, {}).get(squeezed(level))
        found = self._checked[kind, level]
        if found is None:
            table.reject(place, "level", _l("ไม่ใช่ระดับของประเภทตำแหน่งนี้"))
        return found
