"""Competency ratings, 1 to 5, by a method on a day."""

from typing import Any

from sqlalchemy import select

from webapp.assessments.models import CompetencyRating
from webapp.imports.changes import Field
from webapp.imports.kinds.kind import IN_THE_FUTURE, FactKind
from webapp.imports.kinds.shared_columns import OFFICER_NO
from webapp.imports.known import Known
from webapp.imports.writing import Run
from webapp.officers.models import Officer
from webapp.spreadsheets.cells import Code, Day, Text, Whole
from webapp.spreadsheets.reading import Column, Table


def _l(text: str) -> str:
    """Marks a text for the English catalog; it is translated where it is shown."""
    return text


class Ratings(FactKind):
    """``competency-ratings``: keyed by officer, competency, day and method."""

    name = "competency-ratings"
    title = _l("ผลประเมินสมรรถนะ")
    model = CompetencyRating
    columns = (
        OFFICER_NO,
        Column("competency", _l("สมรรถนะ"), _l("รหัสหรือชื่อสมรรถนะ เช่น leadership"), Code(200), required=True, key=True),
        Column("rating", _l("ระดับที่ได้"), _l("จำนวนเต็ม 1 ถึง 5"), Whole(1, 5), required=True),
        Column("rated_on", _l("วันที่ประเมิน"), _l("ต้องไม่เกินวันนี้"), Day(), required=True, key=True),
        Column("method", _l("วิธีประเมิน"), _l("เช่น ศูนย์การประเมินผล แบบ 360 องศา"), Text(200), required=True, key=True),
        Column("assessor", _l("ผู้ประเมิน"), _l("ชื่อผู้ประเมิน"), Text(200)),
    )
    key_fields = (
        Field("officer_no", "officer_id", "officer"),
        Field("competency", "competency_code"),
        Field("rated_on", "rated_on"),
        Field("method", "method"),
    )
    fields = (Field("rating", "rating"), Field("assessor", "assessor", empty=""))

    carried = ("released_at", "released_by")

    def decided(self, run: Run) -> dict[str, Any]:
        """An imported rating was given and told elsewhere: it is released as it comes in."""
        return {"released_at": run.at, "released_by": run.imported_by}

    def statement(self) -> Any:
        rating = CompetencyRating
        return (
            select(
                rating.id, Officer.officer_no, rating.competency_code, rating.rated_on, rating.method, rating.rating,
                rating.assessor,
            )
            .join(Officer, Officer.id == rating.officer_id)
            .where(rating.voided_at.is_(None))
        )  # fmt: skip

    def check(self, table: Table, known: Known) -> None:
        known.check_codes(table, "officer_no", "officer")
        known.reject_own_rows(table)
        known.resolve_names(table, "competency", "competency")
        known.not_after_today(table, "rated_on", IN_THE_FUTURE)
