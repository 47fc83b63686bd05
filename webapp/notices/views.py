"""Pages of the room: one's own messages, and the outbox for the administrator."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user

from webapp.accounts.access import requires
from webapp.accounts.views import own_path
from webapp.database import db
from webapp.errors import NotFound
from webapp.notices import operations, outbox
from webapp.notices.models import Notice
from webapp.notices.texts import text_of
from webapp.tables import read_table

blueprint = Blueprint("notices", __name__, template_folder="templates")


@blueprint.get("/notices")
@requires("notices:own:view")
def notices() -> Any:
    """My messages."""
    table = read_table((), request.args, path=request.path, sort="at")
    rows, total = operations.notices_of(db.session, current_user.id, limit=table.limit, offset=table.offset)
    unread = operations.unread_count(db.session, current_user.id)
    return render_template("notices/list.html", table=table.counted(total), rows=rows, text_of=text_of, unread=unread)


@blueprint.post("/notices/<int:notice_id>/open")
@requires("notices:own:view")
def open_one(notice_id: int) -> Any:
    """Mark it read and go where it leads."""
    notice = db.session.get(Notice, notice_id)
    if notice is None or notice.account_id != current_user.id:
        raise NotFound()
    onward = own_path(notice.link) if notice.link else url_for("notices.notices")
    operations.mark_read(db.session, current_user.id, notice_id)
    db.session.commit()
    return redirect(onward, 303)


@blueprint.post("/notices/read")
@requires("notices:own:view")
def read_all() -> Any:
    """Mark all of mine read."""
    operations.mark_read(db.session, current_user.id)
    db.session.commit()
    return redirect(url_for("notices.notices"), 303)


@blueprint.get("/outbox")
@requires("notices:outbox:list")
def mails() -> Any:
    """Mail on its way, sent, or not sent and why; one-time links are not shown."""
    table = read_table((), request.args, path=request.path, sort="at")
    rows, total = outbox.outbox_page(db.session, limit=table.limit, offset=table.offset)
    return render_template("notices/outbox.html", table=table.counted(total), rows=rows, shown=outbox.shown)
