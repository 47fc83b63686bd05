"""Inviting a whole roster at once: one act, one audit entry, a link for each."""

import secrets
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts import links
from webapp.accounts.models import Account, OneTimeLink
from webapp.accounts.neighbors import Invitee, officers
from webapp.accounts.operations import EMAIL, mail_link, roles_named
from webapp.audit import Actor, append

AT_ONCE = 500
"""People invited in one go: well under a second, and a sheet somebody can hand out."""


@dataclass(frozen=True)
class Invited:
    """Who was invited, and with which link."""

    person: Invitee
    link: OneTimeLink


def invite_many(session: Session, actor: Actor, *, role: str, cohort: str, words: str, by_mail: bool) -> list[Invited]:
    """Make an account and a link for the officers of the cohort who have an e-mail and no sign-in, ``AT_ONCE`` at most.

    An address that is not one, belongs to an account already, or stands at two officers is left out: those are made
    one by one.
    """
    people, _without = officers().without_account(session, role, cohort, words)
    chosen = _with_an_address_of_their_own(session, people)[:AT_ONCE]
    if not chosen:
        return []
    roles = roles_named(session, [role])
    now = clock.now()
    accounts = [
        Account(
            email=person.email.strip().lower(), name=person.name[:200], password=None, active=True,
            fs_uniquifier=secrets.token_hex(16), created_at=now, roles=list(roles),
        )
        for person in chosen
    ]  # fmt: skip
    session.add_all(accounts)
    session.flush()
    officers().link_many(session, {person.officer_id: made.id for person, made in zip(chosen, accounts, strict=True)})
    made = links.issue_many(session, [account.id for account in accounts], "invitation")
    append(
        session, actor, "accounts:invitations:issue", "cohort" if cohort else "account", cohort or "*",
        after={"role": role, "by_mail": by_mail, "accounts": {str(a.id): p.officer_no for p, a in zip(chosen, accounts, strict=True)}},
    )  # fmt: skip
    if by_mail:
        for account, link in zip(accounts, made, strict=True):
            mail_link(session, account, link)
    return [Invited(person, link) for person, link in zip(chosen, made, strict=True)]


def _with_an_address_of_their_own(session: Session, people: list[Invitee]) -> list[Invitee]:
    addresses = [person.email.strip().lower() for person in people]
    times = Counter(addresses)
    taken = set(session.scalars(select(Account.email).where(Account.email.in_(addresses)))) if people else set()
    return [
        person
        for person, address in zip(people, addresses, strict=True)
        if address not in taken and times[address] == 1 and EMAIL.fullmatch(address)
    ]
