"""Units: district offices, bureaus, other offices, agencies outside."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.careers.models import Unit
from webapp.imports.changes import Changes, Field
from webapp.imports.kinds.kind import Kind
from webapp.imports.kinds.shared_columns import UNIT_CODE
from webapp.imports.known import Known, rows_of
from webapp.imports.writing import Run, write_created, write_history, write_updated
from webapp.spreadsheets.cells import Choice, Text
from webapp.spreadsheets.reading import Column, Table


def _l(text: str) -> str:
    """Marks a text for the English catalog; it is translated where it is shown."""
    return text


UNIT_KINDS = {"district": "สำนักงานเขต", "bureau": "สำนัก", "office": "สำนักงาน", "external": "หน่วยงานภายนอก"}


class Units(Kind):
    """``units``: keyed by its code."""

    name = "units"
    title = _l("หน่วยงาน")
    model = Unit
    columns = (
        UNIT_CODE,
        Column("name_th", _l("ชื่อหน่วยงาน"), _l("ชื่อเต็มภาษาไทย"), Text(300), required=True),
        Column("name_en", _l("ชื่อภาษาอังกฤษ"), _l("ชื่อหน่วยงานเป็นภาษาอังกฤษ"), Text(300)),
        Column(
            "kind",
            _l("ประเภทหน่วยงาน"),
            _l("สำนักงานเขต สำนัก สำนักงาน หรือหน่วยงานภายนอก"),
            Choice(UNIT_KINDS),
            required=True,
        ),
        Column("zone", _l("กลุ่มเขต"), _l("เฉพาะสำนักงานเขต เช่น กรุงเทพกลาง"), Text(100)),
    )
    key_fields = (Field("unit_code", "code"),)
    fields = (
        Field("name_th", "name_th"),
        Field("name_en", "name_en", empty=""),
        Field("kind", "kind"),
        Field("zone", "zone", empty=""),
    )

    def check(self, table: Table, known: Known) -> None:
        known.come("unit", table.column("unit_code"))

    def existing(self, table: Table, known: Known) -> dict[Any, tuple[int, dict[str, Any]]]:
        codes = {code for code in table.column("unit_code") if code is not None}
        statement = select(Unit.id, Unit.code, Unit.name_th, Unit.name_en, Unit.kind, Unit.zone)
        return {
            (row[1],): (row[0], {"name_th": row[2], "name_en": row[3], "kind": row[4], "zone": row[5]})
            for row in rows_of(known.session, statement, Unit.code, codes)
        }

    def write(self, session: Session, table: Table, changes: Changes, known: Known, run: Run) -> None:
        target: Any = Unit.__table__
        constant = {"import_id": run.id}
        write_created(session, target, changes, changes.values, {"code": table.column("unit_code")}, constant)
        write_updated(session, target, changes, changes.values, constant)
        write_history(session, run, target.name, changes)
        known.forget("unit")
