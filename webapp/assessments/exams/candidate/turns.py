"""What keeps two hundred people's answers flowing: a token that outlives a sign-in, and writers who queue.

The form token of every other page lives in the sign-in's cookie and dies with it. An exam page may be open for hours, and
its owner may have to sign in again in another tab meanwhile: what was typed must still go out. So these few addresses take
a token of the exam, made from the account, the exam and the program's secret (docs/decisions/exam-pages-own-token.md).
"""

import hmac
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from flask import abort, current_app, render_template, request
from flask_login import current_user
from flask_wtf.csrf import validate_csrf
from wtforms.validators import ValidationError

from webapp.accounts.access import View
from webapp.database import db
from webapp.error_pages import asks_for_json

WAIT_S = 8.0
"""How long a writer queues before it goes on without its turn; less than SQLite's own patience."""

_writers = threading.Lock()


def token_of(code: str, account_id: int) -> str:
    """The token of somebody's pages of an exam: nobody without the program's secret can make it."""
    text = f"exam-pages:{account_id}:{code}"
    return hmac.new(str(current_app.config["SECRET_KEY"]).encode(), text.encode(), "sha256").hexdigest()


def with_own_token(view: View) -> View:
    """Take the exam's token, or the sign-in's; without either the request stops before the view (promise 17).

    Outermost of the decorators: a visitor with a token is then sent to sign in, one who sends an exam's page is shown what
    they sent, to send it again afterwards.
    """

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        sent = request.form.get("csrf_token", "") or request.headers.get("X-CSRFToken", "")
        if not sent:
            abort(400)
        if current_user.is_authenticated:
            if not _is_right(sent, str(kwargs["code"])):
                abort(400)
        elif "page" in request.form and not asks_for_json():
            kept = [(name, value) for name, value in request.form.items(multi=True) if name != "go"]
            return render_template("assessments/exams/candidate/signed_out.html", kept=kept), 401
        return view(*args, **kwargs)

    guarded.own_token = True  # type: ignore[attr-defined]
    return guarded


def _is_right(sent: str, code: str) -> bool:
    if hmac.compare_digest(sent.encode(), token_of(code, current_user.id).encode()):
        return True
    try:
        validate_csrf(sent)
    except ValidationError:
        return False
    return True


@contextmanager
def queued() -> Iterator[None]:
    """One writer of this process at a time: on SQLite they would otherwise wake each other by chance, some very late.

    On PostgreSQL nobody queues. Who waits too long goes on without the turn; the database decides then.
    """
    if db.engine.dialect.name != "sqlite":
        yield
        return
    mine = _writers.acquire(timeout=WAIT_S)
    try:
        yield
    finally:
        if mine:
            _writers.release()


def in_turn(work: Callable[[], Any]) -> Any:
    """Do a piece of writing in its turn, committed before the next one begins."""
    with queued():
        try:
            found = work()
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
    return found
