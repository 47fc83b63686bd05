"""Sign-in by Flask-Security over Flask-Login: hashing, the person at hand, the session that ends when it should.

Its pages are not registered, ours are. The cookie holds the secret of a server-side sign-in (``sign_ins.py``).
"""

import contextlib
from typing import Any

from flask import Flask, g, request, session
from flask_security.core import Security
from flask_security.datastore import SQLAlchemySessionUserDatastore
from flask_security.utils import hash_password as _hash
from flask_security.utils import verify_password as _verify
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from webapp.accounts import sign_ins
from webapp.accounts.models import Account, Role, SignIn
from webapp.accounts.rules import LONGEST_PASSWORD, normalized_password
from webapp.database import db, own_transaction, reading_only

SECRET = "_user_id"
"""Where Flask-Login looks in the cookie; here it holds the secret of the sign-in, not a name."""

KNOWN_BROWSER = "kaona_browser"
KNOWN_BROWSERS_KEPT = 8
KNOWN_FOR_S = 180 * 24 * 3600

TOUCH_WAIT_MS = 150
"""How long a page waits for the database's lock only to write down that it was seen."""

ARGON2 = {"argon2__type": "ID", "argon2__memory_cost": 19_456, "argon2__time_cost": 2, "argon2__parallelism": 1}
"""OWASP's password storage cheat sheet: argon2id with 19 MiB, 2 passes, 1 lane."""

# A hash with the parameters above of a secret nobody knows: checking it takes as long as checking a real one.
NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$1hnAAOsNHvFlVxosKQm68w$i7B0bZDJJNmuLlkrPz7USQJ2SEbKZXu3PHAsW6hX+VI"


class _Sessions:
    """What Flask-Security's datastore calls its session: the one of the application at hand."""

    def __getattr__(self, name: str) -> Any:
        return getattr(db.session, name)


def init_accounts(app: Flask) -> None:
    """Connect Flask-Security and our own loading of the person at hand."""
    app.config.update(
        SECURITY_PASSWORD_SALT=app.config["SECRET_KEY"],
        SECURITY_PASSWORD_HASH="argon2",
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=ARGON2,
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SESSION_PROTECTION=None,  # sign-ins are rows; a changed browser string must not throw anybody out
        REMEMBER_COOKIE_NAME="kaona_no_remember",
    )
    datastore = SQLAlchemySessionUserDatastore(_Sessions(), Account, Role)
    security = Security(app, datastore, register_blueprint=False)
    security.login_manager.user_loader(_load)
    security.login_manager.request_loader(_nobody)
    security.principal.identity_loaders.clear()  # roles are read when a page asks, never before every request


def _load(secret: str) -> Account | None:
    """The account behind the cookie's secret: read anew on every request, with the roles it holds now."""
    found = sign_ins.find(db.session, secret) if reading_only.get() else _find_apart(secret)
    if found is None:
        return None
    sign_in, account = found
    if sign_ins.is_stale(sign_in):
        _write_down(sign_in.id)
    g.sign_in_id = sign_in.id
    return account


def _find_apart(secret: str) -> tuple[SignIn, Account] | None:
    """The same for a request that may write, in a short transaction of its own that only reads.

    So the one write lock of SQLite is taken when the work begins, not to find out who asks: whoever may not do it, or sends
    a form that is turned down before anything is read, keeps nobody waiting. The account comes detached, roles loaded.
    """
    before = reading_only.set(True)
    try:
        with Session(db.engine) as own:
            found = sign_ins.find(own, secret)
            own.expunge_all()
            return found
    finally:
        reading_only.reset(before)


def _nobody(_request: Any) -> None:
    """No header, token or parameter signs anybody in."""
    return


def _write_down(sign_in_id: int) -> None:
    """Note the use in a short write of its own; a busy database never keeps a page from being shown."""
    with contextlib.suppress(OperationalError), own_transaction(wait_ms=TOUCH_WAIT_MS) as own:
        sign_ins.touch(own, sign_in_id)


# Passwords -----------------------------------------------------------------------------------------------------------


def hash_password(password: str) -> str:
    """The argon2id hash of a password. Takes tens of milliseconds: call it outside any transaction."""
    return str(_hash(normalized_password(password)))


def is_right(password: str, hashed: str | None) -> bool:
    """Whether the password is the one hashed; takes equally long where there is none."""
    typed = normalized_password(password[: LONGEST_PASSWORD + 1])
    right = bool(_verify(typed, hashed or NOBODYS))
    return right and hashed is not None and len(password) <= LONGEST_PASSWORD


# The cookie ----------------------------------------------------------------------------------------------------------


def enter(secret: str) -> None:
    """Put a fresh sign-in into the cookie; nothing of the visitor's cookie is taken along."""
    session.clear()
    session[SECRET] = secret
    _renew_token()


def leave() -> None:
    """Empty the cookie."""
    session.clear()
    _renew_token()


def _renew_token() -> None:
    g.pop("csrf_token", None)
    g.pop("_login_user", None)
    g.pop("roles", None)
    g.pop("officer_id", None)


def present_secret() -> str:
    """The secret in the cookie at hand; empty for a visitor."""
    return str(session.get(SECRET, ""))


def present_id() -> int:
    """The sign-in of the request at hand; 0 for a visitor."""
    return int(g.get("sign_in_id", 0))


# Browsers an account has signed in with before -----------------------------------------------------------------------


def _signer(app_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(app_key, salt="known-browser")


def known_browsers(app: Flask) -> dict[str, str]:
    """Account id → the number of this browser for that account, from its signed cookie."""
    try:
        content = _signer(app.config["SECRET_KEY"]).loads(request.cookies.get(KNOWN_BROWSER, ""))
    except BadSignature:
        return {}
    return {str(key): str(value) for key, value in content.items()} if isinstance(content, dict) else {}


def remember_browser(app: Flask, response: Any, account_id: int, number: str) -> None:
    """Let this browser be known for the account, so that failures elsewhere never keep its owner out."""
    known = known_browsers(app)
    known.pop(str(account_id), None)
    kept = dict([*list(known.items())[-(KNOWN_BROWSERS_KEPT - 1) :], (str(account_id), number)])
    response.set_cookie(
        KNOWN_BROWSER, _signer(app.config["SECRET_KEY"]).dumps(kept), max_age=KNOWN_FOR_S, path="/sign-in",
        secure=bool(app.config["SESSION_COOKIE_SECURE"]), httponly=True, samesite="Lax",
    )  # fmt: skip
