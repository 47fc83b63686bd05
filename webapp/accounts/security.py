"""Sign-in by Flask-Security over Flask-Login: hashing, the person at hand, the session that ends when it should."""

from typing import Any

from flask import Flask
from flask_security.core import Security
from flask_security.datastore import SQLAlchemySessionUserDatastore

from webapp.accounts.models import Account, Role
from webapp.database import db


class _Sessions:
    """What Flask-Security's datastore calls its session: the one of the application at hand."""

    def __getattr__(self, name: str) -> Any:
        return getattr(db.session, name)


def init_accounts(app: Flask) -> None:
    """Connect Flask-Security; its pages are not registered, ours are."""
    app.config.update(
        SECURITY_PASSWORD_SALT=app.config["SECRET_KEY"],
        SECURITY_PASSWORD_HASH="argon2",
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
        SECURITY_RETURN_GENERIC_RESPONSES=True,
    )
    datastore = SQLAlchemySessionUserDatastore(_Sessions(), Account, Role)
    Security(app, datastore, register_blueprint=False)
