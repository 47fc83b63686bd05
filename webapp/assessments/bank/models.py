"""Tables of the question bank: categories, items, versions, tags, reviews, pictures.

What an item asks and how it is marked is the version's document (the package's docstring). A version may be changed while
it is a draft or has been returned; from its approval on it never changes, and a new version takes its place.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.assessments.bank.document import TYPES
from webapp.careers.models import Named
from webapp.database import Base, Exact, Json, UtcTime
from webapp.files.models import StoredFile

STATUSES = ("draft", "in-review", "returned", "approved", "superseded", "retired")
OPEN = ("draft", "in-review", "returned")
"""A version that is still being made; one per item."""
CHANGEABLE = ("draft", "returned")
TAG_KINDS = ("competency", "topic")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} in ({', '.join(repr(value) for value in values)})"


def _only_one(name: str, condition: str) -> Index:
    return Index(name, "item_id", unique=True, sqlite_where=text(condition), postgresql_where=text(condition))


class ItemCategory(Named, Base):
    """A branch of the bank; names are unique beside each other."""

    __tablename__ = "item_category"
    __table_args__ = (
        UniqueConstraint("parent_id", "name_th"),
        Index(
            "uq_item_category_top",
            "name_th",
            unique=True,
            sqlite_where=text("parent_id is null"),
            postgresql_where=text("parent_id is null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("item_category.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)


class Item(Base):
    """A question through all its versions."""

    __tablename__ = "item"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("item_category.id"), index=True)
    origin: Mapped[str] = mapped_column(
        String(300), default="", comment="the file it was imported from, and where there"
    )
    created_by: Mapped[str] = mapped_column(String(200))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    category: Mapped[ItemCategory] = relationship(lazy="raise")
    tags: Mapped[list["ItemTag"]] = relationship(lazy="raise", order_by="ItemTag.kind, ItemTag.value", viewonly=True)


class ItemVersion(Base):
    """One version of an item: its document and where it stands between draft and retirement."""

    __tablename__ = "item_version"
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        CheckConstraint(_one_of("status", STATUSES), name="status"),
        CheckConstraint(_one_of("type", TYPES), name="type"),
        CheckConstraint("status <> 'retired' or reason <> ''", name="retired_reason"),
        CheckConstraint("status not in ('approved', 'superseded') or approved_at is not null", name="approved"),
        _only_one("uq_item_version_open", "status in ('draft', 'in-review', 'returned')"),
        _only_one("uq_item_version_approved", "status = 'approved'"),
        _only_one("uq_item_version_latest", "latest"),
        Index("ix_item_version_status_type", "status", "type"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    number: Mapped[int]
    latest: Mapped[bool] = mapped_column(default=True, comment="the one that lists show")
    status: Mapped[str] = mapped_column(String(12))
    type: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(300), comment="the document's title, or the beginning of its stem")
    title_en: Mapped[str] = mapped_column(String(300), default="")
    words: Mapped[str] = mapped_column(Text, comment="what candidates read, as plain words, for the search")
    points: Mapped[Decimal | None] = mapped_column(
        Exact, comment="none where the document's points have no end as decimals"
    )
    document: Mapped[dict[str, Any]] = mapped_column(Json)
    digest: Mapped[str] = mapped_column(String(64), index=True, comment="SHA-256 of the document")
    reason: Mapped[str] = mapped_column(Text, default="", comment="why this version was made, or why it was retired")
    made_by: Mapped[str] = mapped_column(String(200))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    submitted_by: Mapped[str] = mapped_column(String(200), default="")
    submitted_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    approved_by: Mapped[str] = mapped_column(String(200), default="")
    approved_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    retired_by: Mapped[str] = mapped_column(String(200), default="")
    retired_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    item: Mapped[Item] = relationship(lazy="raise")

    @property
    def name_th(self) -> str:
        return self.title

    @property
    def name_en(self) -> str:
        return self.title_en


class ItemAuthor(Base):
    """Whoever wrote or changed a version; none of them may review it."""

    __tablename__ = "item_author"
    __table_args__ = (UniqueConstraint("version_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    name: Mapped[str] = mapped_column(String(200))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)


class ItemTag(Base):
    """A competency (its code) or a topic that an item is about."""

    __tablename__ = "item_tag"
    __table_args__ = (
        UniqueConstraint("item_id", "kind", "value"),
        CheckConstraint(_one_of("kind", TAG_KINDS), name="kind"),
        Index("ix_item_tag_kind_value", "kind", "value"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    kind: Mapped[str] = mapped_column(String(12))
    value: Mapped[str] = mapped_column(String(100))


class ItemReview(Base):
    """What a second person decided about a version, and why."""

    __tablename__ = "item_review"
    __table_args__ = (
        CheckConstraint("decision in ('approved', 'returned')", name="decision"),
        CheckConstraint("decision <> 'returned' or note <> ''", name="returned_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), index=True)
    decision: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(Text, default="")
    reviewer: Mapped[str] = mapped_column(String(200))
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reviewed_at: Mapped[dt.datetime] = mapped_column(UtcTime)


class ItemPicture(Base):
    """A stored file that an item's documents show; they name it by the SHA-256 of its content."""

    __tablename__ = "item_picture"
    __table_args__ = (UniqueConstraint("item_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    file: Mapped[StoredFile] = relationship(lazy="raise")


IMPORT_STATUSES = ("uploaded", "checked", "unreadable", "applied", "discarded")


class ItemImport(Base):
    """A question file brought in: looked at first, then its items written in one step."""

    __tablename__ = "item_import"
    __table_args__ = (CheckConstraint(_one_of("status", IMPORT_STATUSES), name="status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(255))
    file_sha256: Mapped[str] = mapped_column(String(64), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    format: Mapped[str] = mapped_column(String(10), default="", comment="moodle, gift, qti, excel")
    status: Mapped[str] = mapped_column(String(10))
    category_id: Mapped[int | None] = mapped_column(
        ForeignKey("item_category.id"), comment="where the items go; none: the file's own categories"
    )
    own_categories: Mapped[bool] = mapped_column(default=True, comment="the file's categories are made beneath")
    found: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list, comment="what comes in, one entry an item")
    refused: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list, comment="what does not, with its reason")
    unreadable: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, comment="why the file as a whole is none")
    created: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0, comment="items that the bank had already")
    uploaded_by: Mapped[str] = mapped_column(String(200))
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    uploaded_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    applied_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    key: Mapped[str | None] = mapped_column(String(36), unique=True)


class ItemExport(Base):
    """A question file that was made for somebody, and the items that its format could not carry."""

    __tablename__ = "item_export"
    __table_args__ = (CheckConstraint(_one_of("format", ("moodle", "gift", "qti", "excel")), name="format"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    format: Mapped[str] = mapped_column(String(10))
    asked: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, comment="the filter or the items chosen")
    items: Mapped[int] = mapped_column(default=0)
    left_out: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), comment="none until it is made")
    made_by: Mapped[str] = mapped_column(String(200))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    made_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    key: Mapped[str | None] = mapped_column(String(36), unique=True)
    file: Mapped[StoredFile | None] = relationship(lazy="raise")
