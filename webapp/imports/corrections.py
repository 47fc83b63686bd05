"""A single record corrected or voided with a reason: the old one stays, marked, and names the one that replaced it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.audit import Actor
from webapp.errors import Conflict, RuleBroken
from webapp.imports import queries
from webapp.imports.changes import Field
from webapp.imports.kinds.kind import FactKind
from webapp.imports.known import Known
from webapp.imports.writing import ids_of
from webapp.spreadsheets.cells import shown
from webapp.spreadsheets.reading import Problem, Table, read_table
from webapp.thai import normalized


class NotRight(Exception):
    """What was typed cannot be taken; ``problems`` say where and why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("not right")
        self.problems = problems


def void(session: Session, actor: Actor, kind: FactKind, fact_id: int, *, reason: str) -> Any:
    """Mark a record as void: it no longer counts, and stays readable with who, when and why."""
    found = _standing(session, kind, fact_id)
    reason = _needed(reason)
    owner = queries.officer_of(session, found).account_id
    if kind.name == "competency-ratings" and owner is not None and owner == actor.account_id:
        raise RuleBroken("ผู้ใดประเมินสมรรถนะของตนเองไม่ได้ ขอให้เจ้าหน้าที่คนอื่นบันทึก")
    before = _plain(queries.standing_fact(session, kind, fact_id))
    found.voided_at, found.voided_by, found.void_reason = clock.now(), actor.name, reason
    session.flush()
    audit.append(
        session, actor, "officers:fact:void", kind.model.__tablename__, fact_id, before=before, after={"voided": True}, reason=reason
    )  # fmt: skip
    return found


def correct(
    session: Session, actor: Actor, kind: FactKind, fact_id: int, typed: Mapping[str, str], *, reason: str
) -> int:
    """Put a right record in the place of a wrong one, typed as in a file. Returns the new record's id.

    Raises :class:`NotRight` with the same reasons an import would give.
    """
    found = _standing(session, kind, fact_id)
    reason = _needed(reason)
    there = queries.standing_fact(session, kind, fact_id)
    assert there is not None
    known = Known(session, clock.today(), actor.name, actor.account_id)
    table = _as_table(kind, typed, there["officer_no"])
    if not table.unusable and not table.problems:
        kind.check(table, known)
    if table.unusable or table.problems:
        raise NotRight(table.unusable or table.problems)
    changes = kind.compare(table, known)
    after = {one.name: _stored(one, table) for one in (*kind.key_fields, *kind.fields)}
    if any(update.id != fact_id for update in changes.updated) or (
        changes.unchanged and _plain(after) != _plain(there)
    ):
        table.problems.append(Problem(None, kind.key_fields[1].name, "", SAME_KEY_THERE))
    if table.problems:
        raise NotRight(table.problems)
    if _plain(after) == _plain(there):
        raise RuleBroken("ไม่มีอะไรเปลี่ยนจากเดิม")
    found.voided_at, found.voided_by, found.void_reason = clock.now(), actor.name, reason
    session.flush()
    new_id = _insert(session, actor, kind, table, known, {name: getattr(found, name) for name in kind.carried})
    found.replaced_by_id = new_id
    session.flush()
    audit.append(
        session, actor, "officers:fact:correct", kind.model.__tablename__, fact_id,
        before=_plain(there), after={**_plain(after), "replaced_by": new_id}, reason=reason,
    )  # fmt: skip
    return new_id


def _l(text: str) -> str:
    """Marks a text for the English catalog; it is translated where it is shown."""
    return text


SAME_KEY_THERE = _l("มีรายการที่คีย์เดียวกันนี้อยู่แล้ว กรุณาแก้ไขรายการนั้น")


def _insert(
    session: Session, actor: Actor, kind: FactKind, table: Table, known: Known, carried: Mapping[str, Any]
) -> int:
    row: dict[str, Any] = {"entered_by": actor.name, "entered_at": clock.now(), **carried}
    for one in (*kind.key_fields, *kind.fields):
        values = table.columns[one.name]
        row[one.stored] = ids_of(known, one.refers, values)[0] if one.refers else _stored(one, table)
    result = session.execute(insert(kind.model.__table__).values(**row))
    return int(result.inserted_primary_key[0])  # type: ignore[attr-defined]


def _stored(one: Field, table: Table) -> Any:
    value = table.columns[one.name][0]
    return one.empty if value is None and one.empty is not None else value


def _as_table(kind: FactKind, typed: Mapping[str, str], officer_no: str) -> Table:
    heads = [column.name for column in kind.columns]
    values = [officer_no if name == "officer_no" else typed.get(name, "") for name in heads]
    return read_table([heads, values], kind.columns)


def _standing(session: Session, kind: FactKind, fact_id: int) -> Any:
    found = queries.fact(session, kind, fact_id)
    if found.voided_at is not None:
        raise Conflict("รายการนี้ถูกยกเลิกหรือแก้ไขไปแล้ว กรุณาเปิดรายการล่าสุด")
    return found


def _needed(reason: str) -> str:
    tidy = normalized(reason)
    if not tidy:
        raise RuleBroken("ต้องระบุเหตุผล")
    return tidy


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any]:
    """Values as the audit log keeps them."""
    return {name: text_of(value) for name, value in (values or {}).items() if name != "id"}


def text_of(value: Any) -> str:
    """A stored value as it would be typed in a file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return shown(value)
