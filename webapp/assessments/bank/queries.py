"""Reads of the question bank: the list, the tree, an item with its versions, the review queue, what exams may draw."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased, selectinload

from webapp.assessments.bank.models import (
    Item,
    ItemAuthor,
    ItemCategory,
    ItemPicture,
    ItemReview,
    ItemTag,
    ItemVersion,
)
from webapp.errors import NotFound


@dataclass(frozen=True, slots=True)
class Branch:
    """A category in its place in the tree: how deep, the names on the way, items in it and beneath."""

    id: int
    parent_id: int | None
    name_th: str
    name_en: str
    depth: int
    way: tuple[str, ...]
    way_en: tuple[str, ...]
    own: int
    all: int
    beneath: frozenset[int]
    """Its own id and those of every branch beneath it."""

    @property
    def path(self) -> str:
        return " › ".join(self.way)

    def path_in(self, language: str) -> str:
        """The names on the way in this language; the Thai ones where there are no English ones."""
        return " › ".join(self.way_en) if language == "en" else self.path


def tree(session: Session) -> list[Branch]:
    """Every category, each right before the ones beneath it."""
    counts: dict[int, int] = {
        row[0]: row[1] for row in session.execute(select(Item.category_id, func.count()).group_by(Item.category_id))
    }
    rows = session.scalars(select(ItemCategory).order_by(ItemCategory.position, ItemCategory.id)).all()
    under: dict[int | None, list[ItemCategory]] = {}
    for row in rows:
        under.setdefault(row.parent_id, []).append(row)

    def grow(parent: int | None, depth: int, way: tuple[str, ...], way_en: tuple[str, ...]) -> list[Branch]:
        found = []
        for row in under.get(parent, ()):
            here, here_en = (*way, row.name_th), (*way_en, row.name_en or row.name_th)
            below = grow(row.id, depth + 1, here, here_en)
            children = [branch for branch in below if branch.depth == depth + 1]
            ids = frozenset({row.id}.union(*(branch.beneath for branch in children)))
            own = counts.get(row.id, 0)
            total = own + sum(branch.all for branch in children)
            branch = Branch(row.id, row.parent_id, row.name_th, row.name_en, depth, here, here_en, own, total, ids)
            found += [branch, *below]
        return found

    return grow(None, 0, (), ())


def category(session: Session, category_id: int | None) -> ItemCategory:
    """The category. Raises ``NotFound``."""
    found = session.get(ItemCategory, category_id) if category_id is not None else None
    if found is None:
        raise NotFound()
    return found


SORTS = ("code", "title", "type", "status", "changed")


@dataclass(frozen=True, slots=True)
class Row:
    """An item in the list: its latest version without the document, and the number of the one in use."""

    id: int
    code: str
    category_id: int
    type: str
    status: str
    number: int
    name_th: str
    name_en: str
    made_by: str
    changed_at: Any
    in_use: int | None
    tags: tuple[ItemTag, ...]


def _narrowed(
    query: Select[Any], words: str, categories: Collection[int], kind: str, tag: str, status: str
) -> Select[Any]:  # fmt: skip
    """The latest versions that a list's search and filters leave."""
    query = query.join(Item, Item.id == ItemVersion.item_id).where(ItemVersion.latest)
    if words:
        query = query.where(
            or_(ItemVersion.words.contains(words, autoescape=True), Item.code.contains(words, autoescape=True))
        )
    if categories:
        query = query.where(Item.category_id.in_(categories))
    if kind:
        query = query.where(ItemVersion.type == kind)
    if status:
        query = query.where(ItemVersion.status == status)
    if tag:
        name, _colon, value = tag.partition(":")
        query = query.where(
            select(ItemTag.id).where(ItemTag.item_id == Item.id, ItemTag.kind == name, ItemTag.value == value).exists()
        )
    return query


def items_page(
    session: Session, *, words: str = "", categories: Collection[int] = (), kind: str = "", tag: str = "",
    status: str = "", sort: str = "code", descending: bool = False, limit: int = 50, offset: int = 0,
) -> tuple[list[Row], int]:  # fmt: skip
    """A page of items by their latest version; ``tag`` reads ``competency:teamwork`` or ``topic:งบประมาณ``."""
    query = _narrowed(select(ItemVersion.id), words, categories, kind, tag, status)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    orders = {"code": Item.id, "title": ItemVersion.title, "type": ItemVersion.type, "status": ItemVersion.status,
              "changed": ItemVersion.changed_at}  # fmt: skip
    order = orders[sort if sort in orders else "code"]
    query = query.order_by(order.desc() if descending else order.asc(), Item.id).limit(limit).offset(offset)
    return _rows(session, query), total


def _rows(session: Session, query: Select[Any]) -> list[Row]:
    """Columns only: the documents, which are large and hold the key, are not read for a list."""
    used = aliased(ItemVersion)
    in_use = select(used.number).where(used.item_id == ItemVersion.item_id, used.status == "approved").scalar_subquery()
    columns = query.with_only_columns(
        Item.id, Item.code, Item.category_id, ItemVersion.type, ItemVersion.status, ItemVersion.number,
        ItemVersion.title.label("name_th"), ItemVersion.title_en.label("name_en"), ItemVersion.made_by, ItemVersion.changed_at,
        in_use.label("in_use"),
    )  # fmt: skip
    found = session.execute(columns).all()
    tags: dict[int, list[ItemTag]] = {}
    asked = select(ItemTag).where(ItemTag.item_id.in_([row[0] for row in found])).order_by(ItemTag.kind, ItemTag.value)
    for row in session.scalars(asked):
        tags.setdefault(row.item_id, []).append(row)
    return [Row(**row._asdict(), tags=tuple(tags.get(row.id, ()))) for row in found]


def tags_in_use(session: Session) -> list[tuple[str, str]]:
    """Every tag that an item has, kind and value."""
    rows = session.execute(select(ItemTag.kind, ItemTag.value).distinct().order_by(ItemTag.kind, ItemTag.value))
    return [(kind, value) for kind, value in rows]


def item_by_code(session: Session, code: str) -> Item:
    """The item with its category and tags. Raises ``NotFound``."""
    found = session.scalar(
        select(Item).where(Item.code == code).options(selectinload(Item.category), selectinload(Item.tags))
    )
    if found is None:
        raise NotFound()
    return found


def versions_of(session: Session, item: Item) -> Sequence[ItemVersion]:
    """Every version, newest first."""
    return session.scalars(
        select(ItemVersion).where(ItemVersion.item_id == item.id).order_by(ItemVersion.number.desc())
    ).all()


def version_of(session: Session, item: Item, number: int | None = None) -> ItemVersion:
    """The version of this number, or the latest. Raises ``NotFound``."""
    which = ItemVersion.latest if number is None else ItemVersion.number == number
    found = session.scalar(select(ItemVersion).where(ItemVersion.item_id == item.id, which))
    if found is None:
        raise NotFound()
    return found


def reviews_of(session: Session, item: Item) -> dict[int, list[ItemReview]]:
    """The reviews of an item by version id, newest first."""
    found: dict[int, list[ItemReview]] = {}
    rows = session.scalars(
        select(ItemReview)
        .join(ItemVersion, ItemVersion.id == ItemReview.version_id)
        .where(ItemVersion.item_id == item.id)
        .order_by(ItemReview.reviewed_at.desc(), ItemReview.id.desc())
    )
    for row in rows:
        found.setdefault(row.version_id, []).append(row)
    return found


def pictures_of(session: Session, item: Item) -> Sequence[ItemPicture]:
    """The pictures of an item, in the order they came."""
    return session.scalars(
        select(ItemPicture)
        .where(ItemPicture.item_id == item.id)
        .options(selectinload(ItemPicture.file))
        .order_by(ItemPicture.id)
    ).all()


def picture(session: Session, item: Item, sha256: str) -> ItemPicture:
    """One picture of an item, with its file. Raises ``NotFound``."""
    found = session.scalar(
        select(ItemPicture)
        .where(ItemPicture.item_id == item.id, ItemPicture.sha256 == sha256)
        .options(selectinload(ItemPicture.file))
    )
    if found is None:
        raise NotFound()
    return found


def waiting_for_review(session: Session, account_id: int | None) -> list[tuple[Item, ItemVersion, bool]]:
    """Versions in review, longest waiting first, and whether the reader wrote any of it (and so may not review it)."""
    mine = (
        select(ItemAuthor.id)
        .where(ItemAuthor.version_id == ItemVersion.id, ItemAuthor.account_id == account_id)
        .exists()
    )
    rows = session.execute(
        select(Item, ItemVersion, mine)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(ItemVersion.status == "in-review")
        .options(selectinload(Item.category), selectinload(Item.tags))
        .order_by(ItemVersion.submitted_at, ItemVersion.id)
    )
    return [(item, version, bool(own)) for item, version, own in rows]


def count_waiting(session: Session, account_id: int | None) -> int:
    """How many versions wait for this reviewer."""
    mine = (
        select(ItemAuthor.id)
        .where(ItemAuthor.version_id == ItemVersion.id, ItemAuthor.account_id == account_id)
        .exists()
    )
    asked = select(func.count()).select_from(ItemVersion).where(ItemVersion.status == "in-review", ~mine)
    return session.scalar(asked) or 0


def approved_versions(
    session: Session, *, categories: Collection[int] = (), types: Collection[str] = (), items: Collection[int] = ()
) -> Sequence[ItemVersion]:
    """What an exam may take: the approved versions (with their items), in the order of their items."""
    query = (
        select(ItemVersion)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(ItemVersion.status == "approved")
        .options(selectinload(ItemVersion.item))
    )
    if categories:
        query = query.where(Item.category_id.in_(categories))
    if types:
        query = query.where(ItemVersion.type.in_(types))
    if items:
        query = query.where(Item.id.in_(items))
    return session.scalars(query.order_by(Item.id)).all()


def in_use(session: Session, item: Item) -> int | None:
    """The number of the approved version of an item, if it has one."""
    return session.scalar(
        select(ItemVersion.number).where(ItemVersion.item_id == item.id, ItemVersion.status == "approved")
    )


def is_there(session: Session, code: str) -> bool:
    """Whether there is an item with this code."""
    return session.scalar(select(Item.id).where(Item.code == code)) is not None


def latest_versions(session: Session, *, codes: Collection[str] = (), **asked: Any) -> list[tuple[Item, ItemVersion]]:
    """Every item that the list's filters leave (or these), with its latest version and tags, in the order of codes."""
    query: Select[Any] = _chosen(select(Item, ItemVersion).select_from(ItemVersion), codes, **asked)
    rows = session.execute(query.options(selectinload(Item.tags)).order_by(Item.id))
    return [(item, version) for item, version in rows]


def count_latest(session: Session, *, codes: Collection[str] = (), **asked: Any) -> int:
    """How many items the list's filters leave (or how many of these there are)."""
    query = _chosen(select(ItemVersion.id), codes, **asked)
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def _chosen(query: Select[Any], codes: Collection[str], **asked: Any) -> Select[Any]:
    narrowed = _narrowed(query, *(asked.get(name, "") for name in ("words", "categories", "kind", "tag", "status")))
    return narrowed.where(Item.code.in_(codes)) if codes else narrowed
