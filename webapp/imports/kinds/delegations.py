"""Delegations: sections put under an assistant director's charge."""

from typing import Any

from sqlalchemy import select

from webapp.careers.models import Unit
from webapp.imports.changes import Field
from webapp.imports.kinds.kind import FactKind, check_dates
from webapp.imports.kinds.shared_columns import OFFICER_NO, ORDER_REF, UNIT_CODE
from webapp.imports.known import Known
from webapp.officers.models import Delegation, Officer
from webapp.spreadsheets.cells import Code, Day
from webapp.spreadsheets.reading import Column, Table


def _l(text: str) -> str:
    """Marks a text for the English catalog; it is translated where it is shown."""
    return text


class Delegations(FactKind):
    """``delegations``: keyed by officer, unit, section and first day."""

    name = "delegations"
    title = _l("การมอบหมายและมอบอำนาจ")
    model = Delegation
    columns = (
        OFFICER_NO,
        UNIT_CODE,
        Column("section", _l("ฝ่าย"), _l("ฝ่ายที่มอบหมาย เช่น ทะเบียน หรือ registration"), Code(100), required=True, key=True),
        Column("start_date", _l("วันที่เริ่ม"), _l("วันแรกของการมอบหมาย"), Day(), required=True, key=True),
        Column("end_date", _l("วันที่สิ้นสุด"), _l("วันสุดท้าย เว้นว่างถ้ายังมีผลอยู่"), Day()),
        ORDER_REF,
    )
    key_fields = (
        Field("officer_no", "officer_id", "officer"),
        Field("unit_code", "unit_id", "unit"),
        Field("section", "section_code"),
        Field("start_date", "started_on"),
    )
    fields = (Field("end_date", "ended_on"), Field("order_ref", "order_ref", empty=""))

    def statement(self) -> Any:
        return (
            select(
                Delegation.id, Officer.officer_no, Unit.code, Delegation.section_code, Delegation.started_on,
                Delegation.ended_on, Delegation.order_ref,
            )
            .join(Officer, Officer.id == Delegation.officer_id)
            .join(Unit, Unit.id == Delegation.unit_id)
            .where(Delegation.voided_at.is_(None))
        )  # fmt: skip

    def check(self, table: Table, known: Known) -> None:
        known.check_codes(table, "officer_no", "officer")
        known.check_codes(table, "unit_code", "unit")
        known.resolve_names(table, "section", "section")
        check_dates(table, "start_date", "end_date")
