"""Evidenced works (ผลงานเชิงประจักษ์)."""

from typing import Any

from sqlalchemy import select

from webapp.imports.changes import Field
from webapp.imports.kinds.kind import IN_THE_FUTURE, FactKind
from webapp.imports.kinds.shared_columns import OFFICER_NO
from webapp.imports.known import Known
from webapp.officers.models import EvidencedWork, Officer
from webapp.spreadsheets.cells import Day, Text
from webapp.spreadsheets.reading import Column, Table


def _l(text: str) -> str:
    """Marks a text for the English catalog; it is translated where it is shown."""
    return text


class Works(FactKind):
    """``works``: keyed by officer, title and day."""

    name = "works"
    title = _l("ผลงานเชิงประจักษ์")
    model = EvidencedWork
    columns = (
        OFFICER_NO,
        Column("title", _l("ชื่อผลงาน"), _l("ชื่อผลงานตามเอกสาร"), Text(500), required=True, key=True),
        Column("date", _l("วันที่ของผลงาน"), _l("วันที่ผลงานเสร็จ ต้องไม่เกินวันนี้"), Day(), required=True, key=True),
        Column("category", _l("ประเภทผลงาน"), _l("เช่น นวัตกรรม การปรับปรุงงาน"), Text(200)),
        Column("verified_by", _l("ผู้รับรอง"), _l("ชื่อผู้รับรองผลงาน"), Text(200)),
        Column("verified_on", _l("วันที่รับรอง"), _l("ผลงานนับตั้งแต่วันที่รับรอง"), Day()),
    )
    key_fields = (
        Field("officer_no", "officer_id", "officer"),
        Field("title", "title"),
        Field("date", "done_on"),
    )
    fields = (
        Field("category", "category", empty=""),
        Field("verified_by", "verified_by", empty=""),
        Field("verified_on", "verified_on"),
    )

    def statement(self) -> Any:
        return (
            select(
                EvidencedWork.id, Officer.officer_no, EvidencedWork.title, EvidencedWork.done_on,
                EvidencedWork.category, EvidencedWork.verified_by, EvidencedWork.verified_on,
            )
            .join(Officer, Officer.id == EvidencedWork.officer_id)
            .where(EvidencedWork.voided_at.is_(None))
        )  # fmt: skip

    def check(self, table: Table, known: Known) -> None:
        known.check_codes(table, "officer_no", "officer")
        known.not_after_today(table, "date", IN_THE_FUTURE)
        known.not_after_today(table, "verified_on", IN_THE_FUTURE)
        rows = zip(table.column("date"), table.column("verified_on"), strict=True)
        for place, (done, verified) in enumerate(rows):
            if done is not None and verified is not None and verified < done:
                table.warn(place, "verified_on", _l("รับรองก่อนวันที่ของผลงาน"))
