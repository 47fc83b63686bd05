"""What a refusal looks like: one helpful page, in the reader's language, with a number and no internals."""

import logging
import secrets
from typing import Any

from flask import Flask, jsonify, render_template, request
from flask_babel import gettext
from sqlalchemy.exc import DataError, OperationalError, StatementError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from webapp.database import db, reading_only
from webapp.errors import Conflict, NotFound, Refused

log = logging.getLogger("kaona")

TEMPLATES = {400: "400", 401: "404", 403: "404", 404: "404", 405: "405", 409: "409", 413: "413", 422: "422", 429: "429"}


def init_error_pages(app: Flask) -> None:
    """Every refusal, HTTP error and surprise ends in a page of ours."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(OperationalError, _database_busy)
    app.register_error_handler(DataError, _cannot_be_kept)
    app.register_error_handler(OverflowError, _cannot_be_kept)
    app.register_error_handler(UnicodeEncodeError, _cannot_be_kept)
    app.register_error_handler(StatementError, _in_a_statement)
    app.register_error_handler(Exception, _surprise)


def _refused(error: Refused) -> Any:
    return _page(error.status, gettext(error.message, **error.values) if error.values else gettext(error.message))


def _http(error: HTTPException) -> Any:
    response = _page(error.code or 500, "")
    if error.code == 405 and error.get_headers():
        response.headers.extend([(key, value) for key, value in error.get_headers() if key == "Allow"])
    if getattr(error, "retry_after", None):
        response.headers["Retry-After"] = str(error.retry_after)  # type: ignore[attr-defined]
    if error.code and 300 <= error.code < 400:
        return error
    return response


def _stale(_error: StaleDataError) -> Any:
    return _refused(Conflict(gettext("มีผู้แก้ไขข้อมูลนี้ก่อนท่าน กรุณาเปิดหน้านี้ใหม่แล้วตรวจสอบอีกครั้ง")))


def _database_busy(error: OperationalError) -> Any:
    """A lock that did not come free in time, or a database that is away; anything else is a fault of ours."""
    if db.engine.dialect.name == "sqlite" and not any(
        word in str(error.orig) for word in ("locked", "busy", "full", "I/O")
    ):
        return _surprise(error)
    log.error("database: %s", error.orig)
    return _page(503, gettext("ฐานข้อมูลไม่ว่างในขณะนี้ ยังไม่มีการบันทึก กรุณาลองใหม่ในอีกสักครู่"))


def _cannot_be_kept(error: Exception) -> Any:
    """A text longer than its column or a number beyond it, which no form caught: refused, and nothing is written."""
    log.warning("cannot be kept, at %s %s: %s", request.method, request.path, type(error).__name__)
    return _page(422, gettext("บางค่าที่ส่งมายาวหรือใหญ่เกินกว่าที่ระบบเก็บได้ จึงยังไม่มีการบันทึก กรุณาแก้ไขแล้วลองใหม่"))


def _in_a_statement(error: StatementError) -> Any:
    """What a column's own check refused is a refusal; anything else is a fault of ours."""
    return _refused(error.orig) if isinstance(error.orig, Refused) else _surprise(error)


def _surprise(error: Exception) -> Any:
    number = secrets.token_hex(4)
    log.exception("error %s at %s %s", number, request.method, request.path, exc_info=error)
    return _page(500, "", number=number)


def asks_for_json() -> bool:
    """Whether the request wants an answer for a script rather than a page."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def _page(status: int, message: str, number: str = "") -> Any:
    db.session.rollback()
    reading_only.set(True)
    if TEMPLATES.get(status) == "404":  # absent and forbidden answer alike, whatever was said inside
        status, message = 404, gettext(NotFound().message)
    from flask import make_response

    if asks_for_json():
        response = jsonify({"status": status, "message": message, "number": number})
        response.status_code = status
        return response
    name = TEMPLATES.get(status, "500" if status >= 500 else "400")
    page = render_template(f"errors/{name}.html", status=status, message=message, number=number)
    return make_response(page, status)
