"""What this room needs of rooms above it, handed over when the house is put together (``webapp/app.py``)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

from flask import current_app
from sqlalchemy.orm import Session

from webapp.audit import Actor


@dataclass(frozen=True)
class Invitee:
    """An officer who could be given a sign-in."""

    officer_id: int
    officer_no: str
    name: str
    email: str


class Officers(Protocol):
    """The officers room and those above it, as far as sign-ins go."""

    def officer_of(self, account_id: int) -> int | None:
        """The officer behind an account."""

    def named(self, session: Session, account_id: int) -> tuple[str, str] | None:
        """Number and name of the officer behind an account."""

    def link(self, session: Session, actor: Actor, account_id: int, officer_no: str) -> None:
        """Make the account the officer's sign-in; an empty number takes the link away."""

    def link_many(self, session: Session, accounts: dict[int, int]) -> None:
        """Officer id → account id: their sign-ins from now on (part of a larger act, which is audited)."""

    def cohorts(self, session: Session) -> Sequence[tuple[str, str]]:
        """(code, name) of the cohorts to invite."""

    def without_account(self, session: Session, role: str, cohort: str, words: str) -> tuple[list[Invitee], int]:
        """Officers of the cohort (all: empty) with an e-mail and no sign-in, and how many have no e-mail.

        ``role``: ``officer`` for the trainees, ``mentor`` for their mentors.
        """


class Mail(Protocol):
    """The outbox."""

    def __call__(self, session: Session, to: str, subject: str, body: str) -> None: ...


class Tell(Protocol):
    """A message on somebody's page, and by mail where its kind says so."""

    def __call__(
        self, session: Session, account_id: int | None, kind: str, values: dict[str, Any] | None = None
    ) -> Any: ...


def tell() -> Tell:
    """Leaves a message for an account in the caller's transaction."""
    return cast(Tell, current_app.extensions["kaona.tell"])


def officers() -> Officers:
    """The officers' side."""
    return cast(Officers, current_app.extensions["kaona.officers"])


def mail() -> Mail:
    """Writes a mail into the outbox in the caller's transaction."""
    return cast(Mail, current_app.extensions["kaona.mail"])
