"""What no page can use stops at the door: row numbers and characters that no database keeps (promise 17)."""

from typing import Any

from flask import Flask, request
from werkzeug.exceptions import NotFound
from werkzeug.routing import IntegerConverter

from webapp.errors import BadInput

LARGEST_ID = 2**31 - 1
"""The largest number a row can have on PostgreSQL; SQLite cannot even be asked for one beyond 64 bits."""

NUL = "\0"


def _l(text: str) -> str:
    """Marks a text for the English catalog; it is translated where it is shown."""
    return text


class RowId(IntegerConverter):
    """``<int:…>`` in an address: beyond what a row's number can be, the page is not there."""

    def __init__(self, map: Any, *args: Any, **options: Any) -> None:
        super().__init__(map, *args, **{"max": LARGEST_ID, **options})


def init_door(app: Flask) -> None:
    """Guard every route; called before the rooms add theirs."""
    app.url_map.converters["int"] = RowId
    app.before_request(_no_nul)


def _no_nul() -> None:
    """No keyboard types the character NUL, and PostgreSQL refuses it in any text."""
    if NUL in request.path:
        raise NotFound()
    sent = list(request.args.items(multi=True))
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        sent += request.form.items(multi=True)
        sent += [(name, file.filename or "") for name, file in request.files.items(multi=True)]
    if any(NUL in name or NUL in value for name, value in sent):
        raise BadInput(_l("ข้อความที่ส่งมีอักขระที่บันทึกไม่ได้ กรุณาลบออกแล้วพิมพ์ใหม่"))
