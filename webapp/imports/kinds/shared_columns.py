"""Columns that several kinds share."""

from dataclasses import replace

from webapp.spreadsheets.cells import Code, Text
from webapp.spreadsheets.reading import Column


def _l(text: str) -> str:
    """Marks a text for the English catalog; it is translated where it is shown."""
    return text


OFFICER_NO = Column(
    "officer_no",
    _l("เลขประจำตัวข้าราชการ"),
    _l("เลขที่ใช้อ้างถึงข้าราชการคนนี้ในทุกแผ่น"),
    Code(40),
    required=True,
    key=True,
)
UNIT_CODE = Column(
    "unit_code", _l("รหัสหน่วยงาน"), _l("เช่น BMA-D01 (เขตพระนคร) หรือ BMA-B01"), Code(40), required=True, key=True
)
COHORT_CODE = Column("cohort_code", _l("รหัสรุ่น"), _l("เช่น DD-2569-1"), Code(40), required=True, key=True)
ORDER_REF = Column("order_ref", _l("เลขที่คำสั่ง"), _l("เลขที่และวันที่ของคำสั่ง"), Text(200))
REASON = Column("reason", _l("เหตุผลที่แก้ไข"), _l("จำเป็นเมื่อคะแนนต่างจากที่บันทึกไว้แล้ว"), Text(1000))


def optional(column: Column) -> Column:
    """The same column where it may be empty and is no key."""
    return replace(column, required=False, key=False)
