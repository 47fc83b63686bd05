"""The category tree: added to, renamed, moved; a branch goes only when nothing hangs on it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp import audit
from webapp.accounts.permissions import may
from webapp.assessments.bank.models import Item, ItemCategory
from webapp.audit import Actor
from webapp.errors import NotAllowed, RuleBroken
from webapp.thai import normalized

DEEPEST = 6


def add_category(
    session: Session, actor: Actor, *, name_th: str, name_en: str = "", parent: ItemCategory | None = None,
    recorded: bool = True,
) -> ItemCategory:  # fmt: skip
    """A new branch under ``parent`` or at the top. Raises ``RuleBroken`` where the name is taken."""
    _check(actor)
    name_th, name_en = normalized(name_th)[:300], normalized(name_en)[:300]
    _check_place(session, name_th, parent, None)
    siblings = ItemCategory.parent_id == parent.id if parent is not None else ItemCategory.parent_id.is_(None)
    last = session.scalar(select(func.max(ItemCategory.position)).where(siblings)) or 0
    category = ItemCategory(
        parent_id=parent.id if parent is not None else None, name_th=name_th, name_en=name_en, position=last + 1
    )
    session.add(category)
    session.flush()
    if recorded:
        audit.append(session, actor, "assessments:category:add", "ItemCategory", category.id, after={"name": name_th})
    return category


def category_by_path(session: Session, actor: Actor, names: list[str]) -> ItemCategory:
    """The branch at the end of these names (``["กฎหมาย", "งบประมาณ"]``), made where it is not there: for imports."""
    found: ItemCategory | None = None
    for name in [normalized(name)[:300] for name in names if normalized(name)][:DEEPEST] or ["นำเข้า"]:
        here = ItemCategory.parent_id == found.id if found is not None else ItemCategory.parent_id.is_(None)
        known = session.scalar(select(ItemCategory).where(here, ItemCategory.name_th == name))
        found = known or add_category(session, actor, name_th=name, parent=found, recorded=False)
    assert found is not None
    return found


def change_category(
    session: Session, actor: Actor, category: ItemCategory, *, name_th: str, name_en: str, parent: ItemCategory | None
) -> None:
    """Rename or move a branch; not beneath itself."""
    _check(actor)
    name_th, name_en = normalized(name_th)[:300], normalized(name_en)[:300]
    _check_place(session, name_th, parent, category)
    before = category.name_th
    category.name_th, category.name_en, category.parent_id = name_th, name_en, parent.id if parent is not None else None
    session.flush()
    audit.append(
        session, actor, "assessments:category:change", "ItemCategory", category.id, before={"name": before},
        after={"name": name_th},
    )  # fmt: skip


def remove_category(session: Session, actor: Actor, category: ItemCategory) -> None:
    """Take an empty branch away."""
    _check(actor)
    items = session.scalar(select(func.count()).select_from(Item).where(Item.category_id == category.id))
    branches = session.scalar(
        select(func.count()).select_from(ItemCategory).where(ItemCategory.parent_id == category.id)
    )
    if items or branches:
        raise RuleBroken("หมวดนี้ยังมีข้อสอบหรือหมวดย่อย จึงลบไม่ได้")
    audit.append(
        session, actor, "assessments:category:remove", "ItemCategory", category.id, before={"name": category.name_th}
    )
    session.delete(category)
    session.flush()


def _check_place(session: Session, name: str, parent: ItemCategory | None, moved: ItemCategory | None) -> None:
    if not name:
        raise RuleBroken("ต้องระบุชื่อหมวด")
    above, depth = parent, 1
    while above is not None:
        if moved is not None and above.id == moved.id:
            raise RuleBroken("ย้ายหมวดไปอยู่ใต้หมวดของตนเองไม่ได้")
        above, depth = session.get(ItemCategory, above.parent_id) if above.parent_id else None, depth + 1
    if depth > DEEPEST:
        raise RuleBroken("หมวดซ้อนกันได้ไม่เกิน %(most)s ชั้น", most=DEEPEST)
    here = ItemCategory.parent_id == parent.id if parent is not None else ItemCategory.parent_id.is_(None)
    taken = session.scalar(select(ItemCategory.id).where(here, ItemCategory.name_th == name))
    if taken is not None and (moved is None or taken != moved.id):
        raise RuleBroken("มีหมวดชื่อนี้อยู่แล้วในที่เดียวกัน")


def _check(actor: Actor) -> None:
    if actor.kind == "account" and not may(actor.roles, "assessments:item:change"):
        raise NotAllowed()
