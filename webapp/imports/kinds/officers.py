"""Officers: who they are, when they entered and left, whose supervision they stand under, what qualifies them."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session, aliased

from webapp.imports.changes import Changes, Field
from webapp.imports.kinds.kind import END_BEFORE_START, Kind
from webapp.imports.kinds.shared_columns import OFFICER_NO
from webapp.imports.known import UNKNOWN, Known, rows_of
from webapp.imports.writing import Run, ids_of, in_batches, write_created, write_history, write_updated
from webapp.officers.models import Officer, officer_qualification
from webapp.spreadsheets.cells import Choice, Code, Codes, Day, Email, NationalId, Text, squeezed
from webapp.spreadsheets.reading import Column, Table
from webapp.thai import sort_key


def _l(text: str) -> str:
    """Marks a text for the English catalog; it is translated where it is shown."""
    return text


YOUNGEST, OLDEST = 18, 60
"""Civil servants enter from 18 (civil service act 2551, section 36) and retire at 60: others are looked at twice."""

SORT_KEY_LENGTH = 400


class Officers(Kind):
    """``officers``: keyed by the officer's number."""

    name = "officers"
    title = _l("ข้าราชการ")
    model = Officer
    columns = (
        OFFICER_NO,
        Column("title", _l("คำนำหน้า"), _l("เช่น นาย นาง นางสาว"), Text(60)),
        Column("given_name", _l("ชื่อ"), _l("ชื่อตัวภาษาไทย"), Text(150), required=True),
        Column("family_name", _l("นามสกุล"), _l("ชื่อสกุลภาษาไทย"), Text(150), required=True),
        Column("name_en", _l("ชื่อและนามสกุลภาษาอังกฤษ"), _l("ตามบัตรประจำตัว"), Text(300)),
        Column("national_id", _l("เลขประจำตัวประชาชน"), _l("13 หลัก ตรวจเลขตรวจสอบ และปิดบังในทุกหน้าจอ"), NationalId()),
        Column("birth_date", _l("วันเกิด"), _l("เช่น 1/10/2510"), Day(), required=True),
        Column("entry_date", _l("วันบรรจุ"), _l("วันที่บรรจุเข้ารับราชการ"), Day(), required=True),
        Column("sex", _l("เพศ"), _l("หญิง หรือ ชาย ใช้เฉพาะตรวจความเป็นธรรม"), Choice({"f": "หญิง", "m": "ชาย"})),
        Column("email", _l("อีเมล"), _l("ใช้เชิญเข้าระบบ"), Email()),
        Column("left_on", _l("วันที่พ้นจากราชการ"), _l("เว้นว่างถ้ายังรับราชการ"), Day()),
        Column("left_reason", _l("เหตุที่พ้นจากราชการ"), _l("เช่น ลาออก โอน"), Text(200)),
        Column("supervisor_no", _l("เลขประจำตัวผู้บังคับบัญชา"), _l("ผู้บังคับบัญชาโดยตรง"), Code(40)),
        Column("qualifications", _l("รหัสคุณสมบัติ"), _l("คั่นด้วยเครื่องหมาย ; เช่น standard-managerial-high"), Codes()),
    )
    key_fields = (Field("officer_no", "officer_no"),)
    fields = (
        Field("title", "title", empty=""),
        Field("given_name", "given_name"),
        Field("family_name", "family_name"),
        Field("name_en", "name_en", empty=""),
        Field("national_id", "national_id"),
        Field("birth_date", "birth_date"),
        Field("entry_date", "entry_date"),
        Field("sex", "sex"),
        Field("email", "email"),
        Field("left_on", "left_on"),
        Field("left_reason", "left_reason", empty=""),
        Field("supervisor_no", "supervisor_id", "officer"),
        Field("qualifications", "", empty=()),
    )

    def check(self, table: Table, known: Known) -> None:
        known.come("officer", table.column("officer_no"))
        known.check_codes(table, "supervisor_no", "officer")
        self._check_qualifications(table, known)
        rows = zip(*(table.column(name) for name in ("birth_date", "entry_date", "left_on")), strict=True)
        for place, (born, entered, left) in enumerate(rows):
            if entered is not None and left is not None and left < entered:
                table.reject(place, "left_on", END_BEFORE_START)
            if born is not None and entered is not None:
                age = entered.year - born.year - ((entered.month, entered.day) < (born.month, born.day))
                if not YOUNGEST <= age < OLDEST:
                    table.warn(place, "entry_date", _l("อายุวันบรรจุ %(age)s ปี ควรตรวจสอบวันเกิดและวันบรรจุ"), age=age)
        for place, (number, supervisor) in enumerate(
            zip(table.column("officer_no"), table.column("supervisor_no"), strict=True)
        ):
            if supervisor is not None and supervisor == number:
                table.reject(place, "supervisor_no", _l("เป็นผู้บังคับบัญชาของตนเองไม่ได้"))
        self._warn_of_shared_ids(table)
        service = zip(*(table.column(name) for name in ("officer_no", "entry_date", "left_on")), strict=True)
        known.notes["coming-service"] = {number: (entered, left) for number, entered, left in service}

    def _check_qualifications(self, table: Table, known: Known) -> None:
        cells = table.columns.get("qualifications")
        if cells is None:
            return
        codes = known.named("qualification")
        read: dict[Any, Any] = {None: None}
        for place, held in enumerate(cells):
            if held not in read:
                read[held] = tuple(sorted({codes.get(squeezed(one), "") for one in held}))
            if read[held] and "" in read[held]:
                wrong = next(one for one in held if squeezed(one) not in codes)
                table.reject(place, "qualifications", UNKNOWN["qualification"], code=wrong)
        table.columns["qualifications"] = [read[held] for held in cells]

    def _warn_of_shared_ids(self, table: Table) -> None:
        ids = [value for value in table.column("national_id") if value is not None]
        shared = {value for value, times in Counter(ids).items() if times > 1} if len(set(ids)) < len(ids) else set()
        for place, value in enumerate(table.column("national_id")):
            if value in shared:
                table.warn(place, "national_id", _l("เลขประจำตัวประชาชนนี้มีมากกว่าหนึ่งคนในไฟล์"))

    def compare(self, table: Table, known: Known) -> Changes:
        changes = super().compare(table, known)
        known.notes["sort-keys"] = self._sort_keys(table, changes)
        return changes

    def existing(self, table: Table, known: Known) -> dict[Any, tuple[int, dict[str, Any]]]:
        numbers = {number for number in table.column("officer_no") if number is not None}
        boss = aliased(Officer)
        plain = [one for one in self.fields if one.name not in ("supervisor_no", "qualifications")]
        statement = select(
            Officer.id, Officer.officer_no, boss.officer_no, *(getattr(Officer, one.stored) for one in plain)
        ).outerjoin(boss, boss.id == Officer.supervisor_id)
        names = [one.name for one in plain]
        held = self._held(table, known, numbers)
        return {
            (row[1],): (
                row[0],
                dict(zip(names, row[3:], strict=True), supervisor_no=row[2], qualifications=held.get(row[1], ())),
            )
            for row in rows_of(known.session, statement, Officer.officer_no, numbers)
        }

    def _held(self, table: Table, known: Known, numbers: set[str]) -> dict[str, tuple[str, ...]]:
        """Officer number → the codes of the qualifications held, in order."""
        if "qualifications" not in table.columns:
            return {}
        link = officer_qualification.c
        statement = select(Officer.officer_no, link.qualification_code).join(
            officer_qualification, link.officer_id == Officer.id
        )
        held: dict[str, list[str]] = {}
        for number, code in rows_of(known.session, statement, Officer.officer_no, numbers):
            held.setdefault(number, []).append(code)
        return {number: tuple(sorted(codes)) for number, codes in held.items()}

    def write(self, session: Session, table: Table, changes: Changes, known: Known, run: Run) -> None:
        if not changes.created and not changes.updated:
            return
        target: Any = Officer.__table__
        numbers = table.column("officer_no")
        constant = {"import_id": run.id}
        plain = _without(changes, "supervisor_no", "qualifications")
        write_created(
            session,
            target,
            plain,
            plain.values,
            {"officer_no": numbers, "sort_key": known.notes["sort-keys"]},
            constant,
        )
        write_updated(session, target, plain, plain.values, constant)
        known.forget("officer")
        ids = ids_of(known, "officer", numbers)
        self._write_supervisors(session, table, changes, known, ids)
        self._write_qualifications(session, table, changes, ids)
        self._write_sort_keys(session, table, changes, ids)
        write_history(session, run, target.name, changes)

    def _sort_keys(self, table: Table, changes: Changes) -> list[str]:
        """The new officers' places in the alphabet, found before anything is written."""
        given, family = table.column("given_name"), table.column("family_name")
        keys = [""] * len(table)
        for place in changes.created:
            keys[place] = sort_key(f"{given[place]} {family[place]}")[:SORT_KEY_LENGTH]
        return keys

    def _touched(self, changes: Changes) -> list[int]:
        return sorted([*changes.created, *(one.place for one in changes.updated)])

    def _write_supervisors(
        self, session: Session, table: Table, changes: Changes, known: Known, ids: list[int | None]
    ) -> None:
        """Supervisors come last: they may be new themselves."""
        if "supervisor_no" not in table.columns:
            return
        bosses = ids_of(known, "officer", table.column("supervisor_no"))
        new = set(changes.created)
        rows = [
            {"row_id": ids[place], "boss": bosses[place]}
            for place in self._touched(changes)
            if bosses[place] is not None or place not in new
        ]
        target: Any = Officer.__table__
        statement = update(target).where(target.c.id == bindparam("row_id")).values(supervisor_id=bindparam("boss"))
        for batch in in_batches(iter(rows)):
            session.connection().execute(statement, batch)

    def _write_qualifications(self, session: Session, table: Table, changes: Changes, ids: list[int | None]) -> None:
        if "qualifications" not in table.columns:
            return
        cells = table.columns["qualifications"]
        gone = [{"row_id": ids[one.place]} for one in changes.updated]
        if gone:
            statement = delete(officer_qualification).where(officer_qualification.c.officer_id == bindparam("row_id"))
            session.connection().execute(statement, gone)

        def rows() -> Iterator[dict[str, Any]]:
            for place in self._touched(changes):
                for code in cells[place] or ():
                    yield {"officer_id": ids[place], "qualification_code": code}

        for batch in in_batches(rows()):
            session.execute(insert(officer_qualification), batch)

    def _write_sort_keys(self, session: Session, table: Table, changes: Changes, ids: list[int | None]) -> None:
        """A changed name changes its place in the alphabet."""
        renamed = [one.name for one in changes.fields if one.name in ("given_name", "family_name")]
        wanted = [ids[one.place] for one in changes.updated] if renamed else []
        statement = select(Officer.id, Officer.given_name, Officer.family_name)
        rows = [
            {"row_id": row[0], "key": sort_key(f"{row[1]} {row[2]}")[:SORT_KEY_LENGTH]}
            for row in (rows_of(session, statement, Officer.id, set(wanted)) if wanted else ())
        ]
        target: Any = Officer.__table__
        if rows:
            change = update(target).where(target.c.id == bindparam("row_id")).values(sort_key=bindparam("key"))
            session.connection().execute(change, rows)


def _without(changes: Changes, *names: str) -> Changes:
    """The same changes without some fields."""
    kept = [number for number, one in enumerate(changes.fields) if one.name not in names]
    return Changes(
        [changes.fields[number] for number in kept],
        [changes.values[number] for number in kept],
        changes.created,
        changes.updated,
        changes.unchanged,
    )
