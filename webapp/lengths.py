"""No text is longer than its column, and none holds characters that no database keeps: the same on every database.

SQLite takes any length and PostgreSQL refuses; so every row is looked at before it is written, whoever writes it. Imports
write without rows and have the same limits in their columns (``tests/test_lengths.py`` holds the two together).
"""

from functools import cache
from typing import Any

from sqlalchemy import String, TypeDecorator, inspect
from sqlalchemy.orm import Mapper

from webapp.errors import RuleBroken


def _l(text: str) -> str:
    """Marks a text for the English catalog; it is translated where it is shown."""
    return text


TOO_LONG = _l("%(field)s: ยาวได้ไม่เกิน %(limit)s อักขระ (ที่กรอกมี %(length)s)")
UNKEPT = _l("%(field)s: มีอักขระที่บันทึกไม่ได้ กรุณาพิมพ์ข้อความใหม่")

FIELDS = {
    "code": _l("รหัส"),
    "name_th": _l("ชื่อ (ไทย)"),
    "name_en": _l("ชื่อ (อังกฤษ)"),
    "name": _l("ชื่อ"),
    "title": _l("ชื่อเรื่องหรือคำนำหน้า"),
    "given_name": _l("ชื่อตัว"),
    "family_name": _l("ชื่อสกุล"),
    "email": _l("อีเมล"),
    "place": _l("สถานที่"),
    "speaker": _l("วิทยากร"),
    "topic": _l("หัวข้อ"),
    "host": _l("ผู้รับดูงาน"),
    "method": _l("วิธีประเมิน"),
    "assessor": _l("ผู้ประเมิน"),
    "institution": _l("สถาบันที่จัด"),
    "resolution": _l("มติ"),
    "accepting_body": _l("ผู้รับรอง"),
    "order_ref": _l("เลขที่คำสั่ง"),
    "certificate_no": _l("เลขที่วุฒิบัตร"),
    "category": _l("ประเภท"),
    "text": _l("ข้อความ"),
}
"""What readers call a column; others are named as in the database, which the message still makes findable."""


class _Translated(str):
    """A field's name that is put into the reader's language when the sentence is shown."""

    __slots__ = ()

    def __str__(self) -> str:
        from flask_babel import gettext

        try:
            return str(gettext(str.__str__(self)))
        except RuntimeError:  # no application: a test of rules, a script
            return str.__str__(self)


def check_texts(thing: Any) -> None:
    """Refuse a row whose text its column or no database can keep. Raises ``RuleBroken`` naming field and limit."""
    state = inspect(thing)
    values = state.dict
    for name, limit in _texts(state.mapper):
        value = values.get(name)
        if value is None or not isinstance(value, str):
            continue
        if limit is not None and len(value) > limit:
            raise RuleBroken(TOO_LONG, field=called(name), limit=limit, length=len(value))
        if (not value.isascii() and not _is_kept(value)) or "\0" in value:
            raise RuleBroken(UNKEPT, field=called(name))


def called(name: str) -> str:
    """A column as readers call it."""
    return _Translated(FIELDS.get(name, name))


def _is_kept(text: str) -> bool:
    """Whether a text is whole: half of a surrogate pair is no character and has no bytes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def whole(text: str) -> str:
    """A document that is about to be kept. Raises ``RuleBroken`` where it holds half a character."""
    if not text.isascii() and not _is_kept(text):
        raise RuleBroken(UNKEPT, field=called("text"))
    return text


@cache
def _texts(mapper: Mapper[Any]) -> tuple[tuple[str, int | None], ...]:
    """The text columns of a table with their limits."""
    return tuple(
        (attribute.key, column.type.length)
        for attribute in mapper.column_attrs
        for column in attribute.columns[:1]
        if isinstance(column.type, String) and not isinstance(column.type, TypeDecorator)
    )
