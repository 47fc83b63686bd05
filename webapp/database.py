"""The database: one base class, own column types, one engine factory with the right BEGIN.

SQLite is the default and PostgreSQL a setting. Points, weights and thresholds are exact on both; times are UTC.
"""

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    DateTime,
    Engine,
    MetaData,
    String,
    Text,
    TypeDecorator,
    event,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Session

from webapp.lengths import check_texts, whole

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

BUSY_TIMEOUT_MS = 10_000
"""How long a writer waits for SQLite's one write lock before it is told to try again."""

reading_only: ContextVar[bool] = ContextVar("reading_only", default=False)
"""True while a request that may not write (GET, HEAD, OPTIONS) is served."""


class Base(DeclarativeBase):
    """Every table's base; constraints are named so that migrations can find them."""

    metadata = MetaData(naming_convention=NAMING)


class Points(TypeDecorator[Decimal]):
    """Points with at most two decimals, kept as whole hundredths so that no float ever touches them.

    Raises ``ValueError`` for a third decimal.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        if value is None:
            return None
        hundredths = Decimal(value) * 100
        if hundredths != hundredths.to_integral_value():
            raise ValueError(f"points have at most two decimals: {value}")
        return int(hundredths)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-2)


class Exact(TypeDecorator[Decimal]):
    """A decimal number of any precision, kept as its canonical text (weights, maxima, pass marks, gates)."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is None:
            return None
        try:
            number = Decimal(value)
        except (InvalidOperation, TypeError) as error:
            raise ValueError(f"not a decimal number: {value!r}") from error
        if not number.is_finite():
            raise ValueError(f"not a finite number: {value!r}")
        return format(number.normalize() + 0, "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class UtcTime(TypeDecorator[dt.datetime]):
    """A moment in UTC; a time without a zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        moment = value.astimezone(dt.UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Json(TypeDecorator[Any]):
    """A JSON document kept as text, Thai readable, keys in order; the same on every database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else whole(canonical_json(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


def canonical_json(value: Any) -> str:
    """The one way a document is written where its bytes count: sorted keys, no spaces, exact numbers as text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_as_text)


def _as_text(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"no JSON form for {type(value).__name__}")


def engine_options(url: str) -> dict[str, Any]:
    """Options for SQLAlchemy's engine at ``url``."""
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False}}
    return {"pool_pre_ping": True, "pool_size": 8, "max_overflow": 8}


def prepare(engine: Engine) -> None:
    """Give ``engine`` the connection settings and the BEGIN that this product relies on.

    The SQLite driver's own BEGIN loses updates between processes: the driver is put in autocommit and the
    transaction is begun here, with the write lock at once unless the request only reads.
    """
    if engine.dialect.name != "sqlite":
        event.listen(engine, "begin", _begin_postgresql)
        return

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA temp_store=MEMORY")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN" if reading_only.get() else "BEGIN IMMEDIATE")


def _begin_postgresql(connection: Any) -> None:
    if reading_only.get():
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")


class WroteWhileReading(RuntimeError):
    """A page that only shows something tried to change the database."""


@event.listens_for(Session, "before_flush")
def _refuse_writes_while_reading(session: Session, _context: Any, _instances: Any) -> None:
    if reading_only.get() and (session.new or session.dirty or session.deleted):
        raise WroteWhileReading(f"a GET may not write: {list(session.new) + list(session.dirty)}")


@event.listens_for(Session, "before_flush")
def _check_texts(session: Session, _context: Any, _instances: Any) -> None:
    for thing in (*session.new, *session.dirty):
        check_texts(thing)


db = SQLAlchemy(require_default_engine=False)


@contextmanager
def only_reading() -> Iterator[None]:
    """What runs inside may only read: on SQLite it takes no write lock, so that nobody has to wait for it."""
    before = reading_only.set(True)
    try:
        yield
    finally:
        db.session.rollback()
        reading_only.reset(before)


@contextmanager
def own_transaction(wait_ms: int = BUSY_TIMEOUT_MS) -> Iterator[Session]:
    """A short transaction of its own, which may write also while a page is only shown; committed at the end.

    For the framework's own notes (a session last seen, a view log), never for what the reader asked for. While the
    request's session holds SQLite's write lock (a POST) it would wait for that: finish that one first.
    ``wait_ms`` is how long to wait for the lock before ``OperationalError``.
    """
    before = reading_only.set(False)
    connection = None
    try:
        connection = db.engine.connect()
        _be_patient(connection, wait_ms)
        with Session(connection) as session, session.begin():
            yield session
    finally:
        if connection is not None:
            _be_patient(connection, BUSY_TIMEOUT_MS)
            connection.close()
        reading_only.reset(before)


def _be_patient(connection: Any, wait_ms: int) -> None:
    """How long this connection waits for another's lock; said outside a transaction."""
    if connection.invalidated:
        return
    driver = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        driver.execute(f"PRAGMA busy_timeout={int(wait_ms)}")
    else:
        driver.execute(f"SET lock_timeout = {int(wait_ms) if wait_ms != BUSY_TIMEOUT_MS else 0}")
        driver.commit()
