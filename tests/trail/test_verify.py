"""Every kind of tampering shows, and the first bad entry is named (promise 8)."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import text
from sqlalchemy.orm import Session

from webapp import audit
from webapp.audit import Actor, AuditEntry, append, entry_hash, head_of, sealed, sign_head
from webapp.trail import verifying

LENGTH = 12


@pytest.fixture
def chain(any_database: str, app: Flask, session: Session, actor: Actor) -> Session:
    """A chain of 12 entries and no others."""
    with tampering(session):
        for table in ("audit_opening", "audit_entry", "audit_head"):
            session.execute(text(f"delete from {table}"))
    for number in range(1, LENGTH + 1):
        append(
            session, actor, "test:thing:change", "thing", number, before={"value": number, "by_place": {10: "ten", 2: "two"}},
            after={"value": number + 1, "word": "ก้าวหน้า"}, reason=f"เหตุผลที่ {number}",
        )  # fmt: skip
    session.commit()
    return session


@contextmanager
def tampering(session: Session) -> Iterator[None]:
    """Somebody with the database's own password, who takes the guards away first."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("set session_replication_role = replica"))
        yield
        session.execute(text("set session_replication_role = origin"))
    else:
        session.rollback()
        session.connection().connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        session.rollback()
        session.connection().connection.driver_connection.execute("PRAGMA defer_foreign_keys=ON")
        for verb in ("update", "delete"):
            session.execute(text(f"drop trigger if exists audit_entry_no_{verb}"))
        session.execute(text("PRAGMA defer_foreign_keys=ON"))
        yield
    session.commit()


def verdict_after(chain: Session, *statements: str, **values: Any) -> tuple[str, int | None]:
    with tampering(chain):
        for statement in statements:
            chain.execute(text(statement), values)
    found = verifying.verify(chain)
    assert not found.is_whole
    assert verifying.sentence(found)
    return found.trouble, found.entry


def test_a_whole_chain_is_whole(chain: Session) -> None:
    found = verifying.verify(chain)
    assert found.is_whole
    assert (found.length, found.head) == head_of(chain)
    assert "12" in verifying.sentence(found)


def test_an_empty_chain_is_whole(app: Flask, session: Session) -> None:
    with tampering(session):
        for table in ("audit_opening", "audit_entry", "audit_head"):
            session.execute(text(f"delete from {table}"))
    assert verifying.verify(session).is_whole


@pytest.mark.parametrize(
    "change",
    [
        "actor_name = 'somebody else'", "action = 'test:thing:create'", "thing_key = '77'", "actor_role = 'institute'",
        "actor_account = '1'", "digest = previous", "thing = 'other'",
    ],
)  # fmt: skip
def test_an_edited_entry_is_named(chain: Session, change: str) -> None:
    assert verdict_after(chain, f"update audit_entry set {change} where id = 5") == ("edited", 5)


def test_a_moved_time_is_an_edit(chain: Session) -> None:
    assert verdict_after(
        chain, "update audit_entry set at = (select at from audit_entry where id = 1) where id = 7"
    ) == ("edited", 7)


@pytest.mark.parametrize("place", [1, 6, LENGTH])
def test_an_entry_edited_and_hashed_again_without_the_key_is_named(chain: Session, place: int) -> None:
    answer = verdict_after(chain, f"update audit_entry set actor_name = 'x', hash = '{'a' * 64}' where id = {place}")
    assert answer == ("edited", place)


@pytest.mark.parametrize("place", [1, 5])
def test_a_deleted_entry_is_named(chain: Session, place: int) -> None:
    gone = (f"delete from audit_opening where entry_id = {place}", f"delete from audit_entry where id = {place}")
    assert verdict_after(chain, *gone) == ("deleted", place)


def test_a_deleted_entry_is_named_though_the_rest_was_numbered_again(chain: Session) -> None:
    statements = ["delete from audit_opening where entry_id = 5", "delete from audit_entry where id = 5"]
    for number in range(6, LENGTH + 1):
        statements += [
            f"update audit_entry set id = {number - 1} where id = {number}",
            f"update audit_opening set entry_id = {number - 1} where entry_id = {number}",
        ]
    assert verdict_after(chain, *statements) == ("deleted", 5)


def test_a_cut_tail_is_named(chain: Session) -> None:
    cut = ("delete from audit_opening where entry_id > 9", "delete from audit_entry where id > 9")
    assert verdict_after(chain, *cut) == ("cut", 10)


def test_a_cut_tail_is_named_though_the_head_was_moved_back(chain: Session) -> None:
    with tampering(chain):
        last = chain.execute(text("select hash from audit_entry where id = 9")).scalar_one()
    cut = ("delete from audit_opening where entry_id > 9", "delete from audit_entry where id > 9")
    moved = f"update audit_head set length = 9, hash = '{last}'"
    assert verdict_after(chain, *cut, moved) == ("head-edited", 9)


def test_everything_deleted_is_a_cut(chain: Session) -> None:
    assert verdict_after(chain, "delete from audit_opening", "delete from audit_entry") == ("cut", 1)


def test_a_removed_head_is_named(chain: Session) -> None:
    assert verdict_after(chain, "delete from audit_head") == ("head-removed", LENGTH)


COPY = (
    "insert into audit_entry (id, at, actor_kind, actor_name, actor_role, actor_account, action, thing, thing_key, digest, previous, hash) "
    "select {place}, at, actor_kind, 'forged', actor_role, actor_account, action, thing, thing_key, digest, {previous}, '{hash}' "
    "from audit_entry where id = 1"
)


def test_an_inserted_entry_is_named(chain: Session) -> None:
    statements = []
    for number in range(LENGTH, 4, -1):
        statements += [
            f"update audit_opening set entry_id = {number + 1} where entry_id = {number}",
            f"update audit_entry set id = {number + 1} where id = {number}",
        ]
    # The unique rule on "previous" forces the forger to name another one than the entry that follows.
    statements.append(COPY.format(place=5, previous=f"'{'b' * 64}'", hash="c" * 64))
    assert verdict_after(chain, *statements) == ("inserted", 5)


def test_an_entry_added_behind_the_head_is_named(chain: Session) -> None:
    last = "(select hash from audit_entry where id = 12)"
    assert verdict_after(chain, COPY.format(place=13, previous=last, hash="c" * 64)) == ("beyond-head", 13)


def test_an_entry_added_with_a_moved_head_is_named(chain: Session) -> None:
    last = "(select hash from audit_entry where id = 12)"
    forged = COPY.format(place=13, previous=last, hash="c" * 64)
    assert verdict_after(chain, forged, f"update audit_head set length = 13, hash = '{'c' * 64}'") == ("edited", 13)


def test_reordered_entries_are_named(chain: Session) -> None:
    swap = []
    for table, column in (("audit_entry", "id"), ("audit_opening", "entry_id")):
        swap += [
            f"update {table} set {column} = 99 where {column} = 4", f"update {table} set {column} = 4 where {column} = 5",
            f"update {table} set {column} = 5 where {column} = 99",
        ]  # fmt: skip
    assert verdict_after(chain, *swap) == ("reordered", 4)


def test_a_chain_rewritten_under_another_key_is_named_where_it_begins(chain: Session) -> None:
    right = current_app.config["AUDIT_KEY"]
    with tampering(chain):
        current_app.config["AUDIT_KEY"] = "the key of somebody who does not have ours"
        try:
            running = chain.get_one(AuditEntry, 6).hash
            for number in range(7, LENGTH + 1):
                entry = chain.get_one(AuditEntry, number)
                entry.actor_name, entry.previous = "somebody else", running
                entry.hash = running = entry_hash(entry)
                chain.flush()
            chain.execute(
                text("update audit_head set hash = :hash, seal = :seal"),
                {"hash": running, "seal": sealed(LENGTH, running)},
            )
        finally:
            current_app.config["AUDIT_KEY"] = right
    found = verifying.verify(chain)
    assert (found.trouble, found.entry) == ("rewritten", 7)


def test_edited_and_removed_details_are_named(chain: Session) -> None:
    edited = "update audit_opening set values = replace(values, 'ก้าวหน้า', 'ถอยหลัง') where entry_id = 3"
    if chain.get_bind().dialect.name == "sqlite":
        edited = edited.replace("values =", '"values" =').replace("(values,", '("values",')
    else:
        edited = edited.replace("values =", '"values" =').replace("(values,", '("values",')
    assert verdict_after(chain, edited) == ("values-edited", 3)


def test_an_edited_reason_is_named(chain: Session) -> None:
    assert verdict_after(chain, "update audit_opening set reason = 'another' where entry_id = 3") == (
        "values-edited",
        3,
    )
    assert verdict_after(chain, "delete from audit_opening where entry_id = 2") == ("values-removed", 2)


def test_the_wrong_key_says_so(chain: Session) -> None:
    right = current_app.config["AUDIT_KEY"]
    current_app.config["AUDIT_KEY"] = "another key"
    try:
        found = verifying.verify(chain)
    finally:
        current_app.config["AUDIT_KEY"] = right
    assert (found.trouble, found.entry) == ("rewritten", 1)
    assert "KAONA_AUDIT_KEY" in verifying.sentence(found)


def test_a_printed_head_is_found_again_or_missed(chain: Session) -> None:
    middle = chain.get_one(AuditEntry, 8)
    assert verifying.verify(chain, printed=(8, middle.hash)).is_whole
    found = verifying.verify(chain, printed=(8, "d" * 64))
    assert (found.trouble, found.entry) == ("not-this-head", 8)


def test_a_long_chain_is_read_in_batches(chain: Session, monkeypatch: pytest.MonkeyPatch, statements: Any) -> None:
    monkeypatch.setattr(verifying, "BATCH", 5)
    said: list[tuple[int, int]] = []
    with statements() as ran:
        found = verifying.verify(chain, report=lambda done, whole: said.append((done, whole)))
    assert found.is_whole
    assert said == [(5, 12), (10, 12)]
    assert len([line for line in ran if "LIMIT" in line.upper()]) == 3


def test_the_database_itself_refuses_a_change(any_database: str, app: Flask, session: Session, actor: Actor) -> None:
    from sqlalchemy.exc import DatabaseError

    append(session, actor, "test:thing:change", "thing", 1)
    session.commit()
    for statement in ("update audit_entry set actor_name = 'x'", "delete from audit_entry"):
        with pytest.raises(DatabaseError, match="append-only"):
            session.execute(text(statement))
        session.rollback()


# The command and the signature ---------------------------------------------------------------------------------------


def run(command: Any, *arguments: str) -> Any:
    from click.testing import CliRunner

    return CliRunner().invoke(command, list(arguments))


def test_the_command_says_yes_with_0_and_no_with_1(
    app: Flask, session: Session, actor: Actor, run_command: Callable[..., Any]
) -> None:
    append(session, actor, "test:thing:change", "thing", 1)
    session.commit()
    done = run_command("audit", "verify")
    assert done.exit_code == 0
    length, _last = head_of(session)
    with tampering(session):
        session.execute(text(f"update audit_entry set actor_name = 'x' where id = {length}"))
    done = run_command("audit", "verify")
    assert done.exit_code == 1
    assert str(length) in done.stderr
    document = json.loads(run_command("audit", "verify", "--json").stdout)
    assert (document["ok"], document["first_bad"], document["trouble"]) == (False, length, "edited")
    assert run_command("audit", "verify", "--head", "nonsense").exit_code == 2


def test_outsiders_check_a_head_with_the_public_key_alone(app: Flask, session: Session, actor: Actor) -> None:
    import base64

    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    append(session, actor, "test:thing:change", "thing", 1)
    signed = sign_head(session)
    assert (signed["length"], signed["hash"]) == head_of(session)
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(audit.public_key()))
    said = json.dumps([signed["length"], signed["hash"], signed["at"]], separators=(",", ":")).encode()
    key.verify(base64.b64decode(signed["signature"]), said)
    with pytest.raises(InvalidSignature):
        key.verify(base64.b64decode(signed["signature"]), said.replace(b"1", b"2"))


@pytest.fixture
def run_command(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """``run_command("audit", "verify")`` on the test's database."""
    from click.testing import CliRunner

    from webapp.cli import main

    config = app.config["KAONA"]
    monkeypatch.setattr("config.Config.from_environment", classmethod(lambda _cls: config))

    def run_one(*arguments: str) -> Any:
        return CliRunner().invoke(main, list(arguments), catch_exceptions=False)

    return run_one
