"""Training history: courses completed, passed or failed."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.careers.models import Course
from webapp.imports.changes import Changes, Field
from webapp.imports.kinds.kind import IN_THE_FUTURE, FactKind
from webapp.imports.kinds.shared_columns import OFFICER_NO
from webapp.imports.known import Known, rows_of
from webapp.imports.writing import Run, insert_rows
from webapp.officers.models import Officer, TrainingRecord
from webapp.spreadsheets.cells import Choice, Code, Day, Number, Text
from webapp.spreadsheets.reading import Column, Table


def _l(text: str) -> str:
    """Marks a text for the English catalog; it is translated where it is shown."""
    return text


RESULTS = {"passed": _l("ผ่าน"), "failed": _l("ไม่ผ่าน")}


class Training(FactKind):
    """``training``: keyed by officer, course and day of completion. An unknown course becomes an external one."""

    name = "training"
    title = _l("ประวัติการฝึกอบรม")
    model = TrainingRecord
    columns = (
        OFFICER_NO,
        Column("course_code", _l("รหัสหลักสูตร"), _l("รหัสใหม่จะสร้างเป็นหลักสูตรภายนอก"), Code(80), required=True, key=True),
        Column("completed_on", _l("วันที่สำเร็จ"), _l("วันที่จบการอบรม ต้องไม่เกินวันนี้"), Day(), required=True, key=True),
        Column("result", _l("ผลการอบรม"), _l("ผ่าน หรือ ไม่ผ่าน"), Choice(RESULTS), required=True),
        Column("institution", _l("สถาบันที่จัด"), _l("หน่วยงานที่จัดการอบรม"), Text(300)),
        Column("hours", _l("จำนวนชั่วโมง"), _l("ทศนิยมไม่เกินสองตำแหน่ง"), Number()),
        Column("certificate_no", _l("เลขที่ประกาศนียบัตร"), _l("ถ้ามี"), Text(100)),
    )
    key_fields = (
        Field("officer_no", "officer_id", "officer"),
        Field("course_code", "course_id", "course"),
        Field("completed_on", "completed_on"),
    )
    fields = (
        Field("result", "result"),
        Field("institution", "institution", empty=""),
        Field("hours", "hours"),
        Field("certificate_no", "certificate_no", empty=""),
    )

    def statement(self) -> Any:
        record = TrainingRecord
        return (
            select(
                record.id, Officer.officer_no, Course.code, record.completed_on, record.result, record.institution,
                record.hours, record.certificate_no,
            )
            .join(Officer, Officer.id == record.officer_id)
            .join(Course, Course.id == record.course_id)
            .where(record.voided_at.is_(None))
        )  # fmt: skip

    def check(self, table: Table, known: Known) -> None:
        known.check_codes(table, "officer_no", "officer")
        known.not_after_today(table, "completed_on", IN_THE_FUTURE)
        seen: set[str] = set()
        for place in known.unknown_places(table, "course_code", "course"):
            code = table.columns["course_code"][place]
            if code not in seen:
                seen.add(code)
                table.warn(place, "course_code", _l("หลักสูตรนี้ยังไม่มีในระบบ จะสร้างเป็นหลักสูตรภายนอก"))
        known.come("course", seen)
        known.notes["new-courses"] = sorted(seen)
        self._warn_of_passed_twice(table, known)

    def _warn_of_passed_twice(self, table: Table, known: Known) -> None:
        passed: dict[tuple[str, str], Any] = {}
        numbers = {number for number in table.column("officer_no") if number is not None}
        for row in rows_of(known.session, self.statement(), Officer.officer_no, numbers):
            if row[4] == "passed":
                passed[row[1], row[2]] = row[3]
        rows = zip(
            *(table.column(name) for name in ("officer_no", "course_code", "completed_on", "result")), strict=True
        )
        for place, (number, course, day, result) in enumerate(rows):
            if result == "passed" and day is not None:
                before = passed.setdefault((number, course), day)
                if before != day:
                    table.warn(place, "course_code", _l("เคยผ่านหลักสูตรนี้แล้ว"))

    def write(self, session: Session, table: Table, changes: Changes, known: Known, run: Run) -> None:
        new = known.notes.get("new-courses", ())
        if new:
            rows = [
                {"code": code, "name_th": code, "name_en": "", "external": True, "import_id": run.id} for code in new
            ]
            insert_rows(session, Course.__table__, iter(rows))  # type: ignore[arg-type]
            known.forget("course")
        super().write(session, table, changes, known, run)
