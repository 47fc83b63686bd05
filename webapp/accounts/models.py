"""Who signs in: accounts, their roles, their sign-ins, and the one-time links that reach them."""

import datetime as dt

from flask_security.core import RoleMixin, UserMixin
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Base, UtcTime

account_role = Table(
    "account_role",
    Base.metadata,
    Column("account_id", ForeignKey("account.id"), primary_key=True),
    Column("role_id", ForeignKey("role.id"), primary_key=True),
)


class Role(Base, RoleMixin):
    """One of the nine roles of the access table; what it may do is ``permissions.py``."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)


class Account(Base, UserMixin):
    """A person who signs in. An officer's facts point here (``Officer.account_id``), never the other way."""

    __tablename__ = "account"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password: Mapped[str | None] = mapped_column(String(255), comment="argon2id; none until first set")
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True, comment="changes with the password")
    language: Mapped[str] = mapped_column(String(2), default="th")
    created_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    password_set_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    roles: Mapped[list[Role]] = relationship(secondary=account_role, lazy="selectin", order_by="Role.name")


class SignIn(Base):
    """One signed-in browser. The cookie holds only its secret; ending the row ends the cookie wherever it was copied."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_digest: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    started_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    seen_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    address: Mapped[str] = mapped_column(String(64), default="")
    agent: Mapped[str] = mapped_column(String(200), default="")


class SignInFailure(Base):
    """One failed try, kept per account name and per address so that guessing gets slow."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (
        Index("ix_sign_in_failure_name_digest_at", "name_digest", "at"),
        Index("ix_sign_in_failure_address_at", "address", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(UtcTime)
    name_digest: Mapped[str] = mapped_column(String(64), comment="keyed digest of the typed e-mail")
    address: Mapped[str] = mapped_column(String(64))


class OneTimeLink(Base):
    """An invitation or a password reset: works once, for a while; only the digest of its secret is kept."""

    __tablename__ = "one_time_link"
    __table_args__ = (CheckConstraint("purpose in ('invitation', 'password')", name="purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_digest: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    expires_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    used_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
