"""Changes of the organization by the commission: added, changed, retired; never deleted, a code never renamed.

Each has its reason and an audit entry with before and after. What ships with the product and was edited here is left
alone by ``kaona init`` (see ``webapp/careers/shipped``): nothing here needs to say so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.audit import Actor
from webapp.careers import organization_queries as queries
from webapp.careers import organization_rules as rules
from webapp.careers.models import LevelConversion, PositionLevel, Post, Qualification, Seat, Section, Unit
from webapp.careers.operations import fingerprint
from webapp.errors import Conflict, NotFound, RuleBroken


@dataclass(frozen=True)
class Kind:
    """A kind of thing the organization is made of: what names it, and what may be changed of it."""

    name: str
    model: Any
    fields: tuple[str, ...]
    key: tuple[str, ...] = ("code",)


NAMES = ("name_th", "name_en")
POST = Kind("post", Post, (*NAMES, "position_type", "level", "is_key", "is_target", "heads_unit"))
UNIT = Kind("unit", Unit, (*NAMES, "kind", "zone"))
SECTION = Kind("section", Section, (*NAMES, "position"))
LEVEL = Kind("position_level", PositionLevel, (*NAMES, "position"), ("position_type", "level"))
QUALIFICATION = Kind("qualification", Qualification, NAMES)
KINDS = {"sections": SECTION, "levels": LEVEL, "qualifications": QUALIFICATION}
"""The kinds that share a page, by their part of the address."""

Values = Mapping[str, Any]


def key_of(kind: Kind, row: Any) -> str:
    """The code that names a thing in addresses and the audit log; type/level for a level."""
    return "/".join(getattr(row, column) for column in kind.key)


def find(session: Session, kind: Kind, key: str) -> Any:
    """The thing named by its code. Raises ``NotFound``."""
    parts = key.split("/", len(kind.key) - 1)
    if len(parts) == len(kind.key):
        wanted = [getattr(kind.model, column) == part for column, part in zip(kind.key, parts, strict=True)]
        found = session.scalar(select(kind.model).where(*wanted))
        if found is not None:
            return found
    raise NotFound()


def add(session: Session, actor: Actor, kind: Kind, values: Values, *, reason: str) -> Any:
    """Add a thing. Its code must be new."""
    rules.check_thing(kind.name, values, reason)
    wanted = [getattr(kind.model, column) == values[column] for column in kind.key]
    if session.scalar(select(kind.model).where(*wanted)) is not None:
        raise RuleBroken("มีรหัส %(code)s อยู่แล้ว ใช้รหัสอื่น", code=values[kind.key[-1]])
    row = kind.model(**{name: values[name] for name in (*kind.key, *kind.fields) if name in values})
    if kind is LEVEL:
        _name_type(session, row)
    session.add(row)
    session.flush()
    audit.append(
        session, actor, f"careers:{kind.name}:add", kind.name, key_of(kind, row), after=as_told(kind, row), reason=reason
    )  # fmt: skip
    return row


def _name_type(session: Session, row: PositionLevel) -> None:
    """A new level takes the names of its type from the levels that type has."""
    there = session.scalar(select(PositionLevel).where(PositionLevel.position_type == row.position_type).limit(1))
    if there is None:
        raise RuleBroken("เลือกประเภทตำแหน่ง")
    row.type_name_th, row.type_name_en = there.type_name_th, there.type_name_en


def change(session: Session, actor: Actor, kind: Kind, row: Any, values: Values, *, seen: str, reason: str) -> Any:
    """Change a thing, never its code; ``seen`` is the fingerprint of what the editor had before them."""
    before = as_told(kind, row)
    rules.check_thing(kind.name, {**before, **values}, reason)
    if fingerprint(before) != seen:
        raise changed_meanwhile()
    for name in kind.fields:
        setattr(row, name, values[name])
    session.flush()
    audit.append(
        session, actor, f"careers:{kind.name}:change", kind.name, key_of(kind, row), before=before,
        after=as_told(kind, row), reason=reason,
    )  # fmt: skip
    return row


def retire(session: Session, actor: Actor, kind: Kind, row: Any, *, reason: str) -> Any:
    """Take a thing out of use from today: it is no longer offered, and what refers to it keeps its name."""
    rules.check_reason(reason)
    if row.retired_on is not None:
        raise changed_meanwhile()
    uses = queries.uses(session, kind.name, row)
    rules.check_retire(kind.name, uses, is_target=kind is POST and row.is_target)
    row.retired_on = clock.today()
    session.flush()
    audit.append(
        session, actor, f"careers:{kind.name}:retire", kind.name, key_of(kind, row),
        after={"retired_on": row.retired_on.isoformat()}, reason=reason,
    )  # fmt: skip
    return row


def resume(session: Session, actor: Actor, kind: Kind, row: Any, *, reason: str) -> Any:
    """Put a retired thing back into use."""
    rules.check_reason(reason)
    if row.retired_on is None:
        raise changed_meanwhile()
    before, row.retired_on = {"retired_on": row.retired_on.isoformat()}, None
    session.flush()
    audit.append(
        session, actor, f"careers:{kind.name}:resume", kind.name, key_of(kind, row), before=before, reason=reason
    )
    return row


def as_told(kind: Kind, row: Any) -> dict[str, Any]:
    """A thing as the audit log and the guard against stale edits read it."""
    told = {name: getattr(row, name) for name in (*kind.key, *kind.fields)}
    return {**told, "retired_on": row.retired_on.isoformat() if row.retired_on else None}


# Seats ---------------------------------------------------------------------------------------------------------------


def add_seats(
    session: Session, actor: Actor, post: Post, *, unit_kind: str = "", unit_code: str = "", seats: int, reason: str
) -> Seat:
    """Say how many seats a post has at every unit of a kind, or at one unit."""
    rules.check_seats(seats, unit_kind=unit_kind, unit=unit_code, reason=reason)
    unit = find(session, UNIT, unit_code) if unit_code else None
    unit_id = unit.id if unit is not None else None
    where = (Seat.post_id == post.id, Seat.unit_kind == (unit_kind or None), Seat.unit_id == unit_id)
    if session.scalar(select(Seat.id).where(*where)) is not None:
        raise RuleBroken("กำหนดอัตราของตำแหน่งนี้ที่หน่วยงานนี้ไว้แล้ว แก้ไขรายการเดิมแทน")
    row = Seat(post_id=post.id, unit_kind=unit_kind or None, unit_id=unit_id, seats=seats, reason=reason)
    session.add(row)
    session.flush()
    audit.append(
        session, actor, "careers:seat:add", "post", post.code,
        after={"unit_kind": unit_kind, "unit": unit_code, "seats": seats}, reason=reason,
    )  # fmt: skip
    return row


def change_seats(session: Session, actor: Actor, post: Post, row: Seat, *, seen: str, seats: int, reason: str) -> Seat:
    """Another number of seats, with its reason; 0 where there are none any more. The number before stays in the audit."""
    rules.check_seats(seats, unit_kind=row.unit_kind or "", unit=str(row.unit_id or ""), reason=reason)
    before = seats_as_told(row)
    if fingerprint(before) != seen:
        raise changed_meanwhile()
    row.seats, row.reason = seats, reason
    session.flush()
    audit.append(
        session, actor, "careers:seat:change", "post", post.code, before=before, after=seats_as_told(row), reason=reason
    )
    return row


def seats_as_told(row: Seat) -> dict[str, Any]:
    """Seats as the audit log and the guard against stale edits read them."""
    return {"unit_kind": row.unit_kind, "unit_id": row.unit_id, "seats": row.seats, "reason": row.reason}


# The conversion of old levels ----------------------------------------------------------------------------------------


def set_conversion(
    session: Session, actor: Actor, *, old_level: int, position_type: str, level: str, reason: str, seen: str | None = None
) -> LevelConversion:  # fmt: skip
    """Say what an old level is called in a type; ``seen`` (none for a new one) guards against a stale edit."""
    grades = {(row.position_type, row.level) for row in session.scalars(select(PositionLevel))}
    rules.check_conversion(old_level, (position_type, level), grades, reason)
    row = session.get(LevelConversion, (old_level, position_type))
    before = conversion_as_told(row) if row is not None else None
    if row is not None and row.withdrawn_at is None and (seen is None or fingerprint(before or {}) != seen):
        raise RuleBroken("ระดับเดิมนี้มีการเทียบในประเภทนี้แล้ว แก้ไขรายการเดิมแทน") if seen is None else changed_meanwhile()
    if row is None:
        row = LevelConversion(old_level=old_level, position_type=position_type)
        session.add(row)
    row.level, row.reason, row.ours, row.withdrawn_at = level, reason, False, None
    session.flush()
    audit.append(
        session, actor, "careers:level-conversion:set", "level_conversion", f"{old_level}/{position_type}",
        before=before, after=conversion_as_told(row), reason=reason,
    )  # fmt: skip
    return row


def withdraw_conversion(session: Session, actor: Actor, row: LevelConversion, *, reason: str) -> LevelConversion:
    """Take one row of the conversion out of use; imports no longer convert by it."""
    rules.check_reason(reason)
    before = conversion_as_told(row)
    row.withdrawn_at = clock.now()
    session.flush()
    audit.append(
        session, actor, "careers:level-conversion:withdraw", "level_conversion", f"{row.old_level}/{row.position_type}",
        before=before, reason=reason,
    )  # fmt: skip
    return row


def conversion_as_told(row: LevelConversion) -> dict[str, Any]:
    """A row of the conversion as the audit log and the guard against stale edits read it."""
    return {
        "old_level": row.old_level,
        "position_type": row.position_type,
        "level": row.level,
        "reason": row.reason,
        "ours": row.ours,
    }


def changed_meanwhile() -> Conflict:
    """Somebody else was quicker."""
    return Conflict("มีผู้แก้ไขรายการนี้ก่อนท่าน กรุณาเปิดหน้านี้ใหม่ ตรวจค่าปัจจุบัน แล้วแก้ไขอีกครั้ง")
