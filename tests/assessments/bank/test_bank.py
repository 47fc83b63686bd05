"""The bank keeps what was approved, lets nobody review themselves, and says no in the database too."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.assessments.bank import items
from tests.people import account
from webapp.accounts.queries import actor_for
from webapp.assessments.bank import operations, queries, shelves
from webapp.assessments.bank.models import Item, ItemPicture, ItemReview, ItemTag, ItemVersion
from webapp.audit import AuditEntry
from webapp.errors import Conflict, NotAllowed, RuleBroken

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@pytest.fixture
def author(app):
    return actor_for(account("institute", name="ผู้เขียน"))


@pytest.fixture
def reviewer(app):
    return actor_for(account("institute", name="ผู้ตรวจทาน"))


@pytest.fixture
def category(session, author):
    return shelves.add_category(session, author, name_th="ความรู้ทั่วไป", name_en="General")


@pytest.fixture
def item(session, author, category):
    version = operations.create_item(session, author, category=category, document=items.single())
    return session.get(Item, version.item_id)


def approve(session, item, author, reviewer):
    version = operations.submit(session, author, item)
    return operations.review(session, reviewer, item, decision="approved", note="", digest=version.digest)


def test_an_item_goes_from_draft_to_use_by_a_second_person(session, item, author, reviewer):
    version = operations.submit(session, author, item)
    with pytest.raises(RuleBroken):
        operations.review(session, author, item, decision="approved", note="", digest=version.digest)
    with pytest.raises(RuleBroken):
        operations.review(session, reviewer, item, decision="returned", note=" ", digest=version.digest)
    operations.review(session, reviewer, item, decision="returned", note="ตัวลวงซ้ำ", digest=version.digest)
    assert version.status == "returned"
    assert approve(session, item, author, reviewer).status == "approved"
    verbs = [entry.action for entry in session.scalars(select(AuditEntry).where(AuditEntry.thing == "Item"))]
    assert [verb.rpartition(":")[2] for verb in verbs] == ["create", "submit", "return", "submit", "approve"]
    assert [row.note for row in queries.reviews_of(session, item)[version.id]] == ["", "ตัวลวงซ้ำ"]


def test_whoever_changed_any_of_it_does_not_review_it(session, item, author, reviewer):
    latest = queries.version_of(session, item)
    operations.change_item(session, reviewer, item, items.single(points="3"), based_on=latest.digest)
    version = operations.submit(session, author, item)
    with pytest.raises(RuleBroken):
        operations.review(session, reviewer, item, decision="approved", note="", digest=version.digest)


def test_an_approved_version_never_changes_and_its_successor_takes_its_place(session, item, author, reviewer):
    first = approve(session, item, author, reviewer)
    before = first.document
    with pytest.raises(RuleBroken):
        operations.change_item(session, author, item, items.multiple(), based_on=first.digest)
    second = operations.change_item(session, author, item, items.multiple(), based_on=first.digest, reason="แก้โจทย์")
    assert (second.number, second.latest, first.latest, first.status) == (2, True, False, "approved")
    assert first.document == before
    assert [v.number for v in queries.approved_versions(session)] == [1]
    approve(session, item, author, reviewer)
    assert (first.status, second.status) == ("superseded", "approved")
    with pytest.raises(Conflict):
        operations.submit(session, author, item)


def test_a_stale_edit_is_refused_and_one_in_review_waits(session, item, author):
    read = queries.version_of(session, item).digest
    operations.change_item(session, author, item, items.single(points="5"), based_on=read)
    with pytest.raises(Conflict):
        operations.change_item(session, author, item, items.single(points="6"), based_on=read)
    version = operations.submit(session, author, item)
    with pytest.raises(RuleBroken):
        operations.change_item(session, author, item, items.single(points="6"), based_on=version.digest)
    assert operations.withdraw(session, author, item).status == "draft"


def test_a_document_with_problems_stays_a_draft(session, author, category):
    version = operations.create_item(session, author, category=category, document={"type": "single", "stem_th": "?"})
    item = session.get(Item, version.item_id)
    with pytest.raises(RuleBroken):
        operations.submit(session, author, item)
    assert operations.discard(session, author, item) is False
    assert session.scalar(select(Item)) is None


def test_retiring_needs_a_reason_and_leaves_the_version_as_it_was(session, item, author, reviewer):
    version = approve(session, item, author, reviewer)
    with pytest.raises(RuleBroken):
        operations.retire(session, author, item, reason="")
    operations.retire(session, author, item, reason="ข้อกฎหมายเปลี่ยน")
    assert (version.status, queries.approved_versions(session)) == ("retired", [])
    again = operations.change_item(
        session, author, item, items.single(points="9"), based_on=version.digest, reason="ใหม่"
    )
    assert operations.discard(session, author, item) is True
    assert queries.version_of(session, item).id == version.id != again.id


def test_tags_pictures_and_categories(session, item, author, category):
    operations.file_item(
        session, author, item, category=category, tags=[("competency", "teamwork"), ("topic", " งบ  ประมาณ ")]
    )
    assert queries.tags_in_use(session) == [("competency", "teamwork"), ("topic", "งบ ประมาณ")]
    with pytest.raises(RuleBroken):
        operations.file_item(session, author, item, category=category, tags=[("competency", "flying")])
    one = operations.add_picture(session, author, item, "a.png", PNG)
    assert operations.add_picture(session, author, item, "b.png", PNG).id == one.id
    for content in (b"", b"<svg></svg>"):
        with pytest.raises(RuleBroken):
            operations.add_picture(session, author, item, "x.svg", content)
    below = shelves.add_category(session, author, name_th="งบประมาณ", parent=category)
    assert shelves.category_by_path(session, author, ["ความรู้ทั่วไป", "งบประมาณ"]).id == below.id
    for wrong in ({"name_th": "งบประมาณ", "parent": category}, {"name_th": " "}):
        with pytest.raises(RuleBroken):
            shelves.add_category(session, author, **wrong)
    with pytest.raises(RuleBroken):
        shelves.change_category(session, author, category, name_th="ก", name_en="", parent=below)
    with pytest.raises(RuleBroken):
        shelves.remove_category(session, author, category)
    shelves.remove_category(session, author, below)
    assert [(branch.path, branch.own) for branch in queries.tree(session)] == [("ความรู้ทั่วไป", 1)]


def test_the_list_finds_by_words_type_tag_status_and_branch(session, item, author, category):
    below = shelves.add_category(session, author, name_th="กฎหมาย", parent=category)
    made = [
        operations.create_item(
            session, author, category=below, document=make(title_th=f"ข้อที่ {n}"), tags=[("topic", "ก")]
        )
        for n, make in enumerate(items.ALL)
    ]
    branches = {branch.name_th: branch.beneath for branch in queries.tree(session)}
    count = lambda **asked: queries.items_page(session, **asked)[1]  # noqa: E731
    assert count() == len(made) + 1
    assert (count(categories=branches["กฎหมาย"]), count(categories=branches["ความรู้ทั่วไป"])) == (8, 9)
    assert (count(kind="essay"), count(tag="topic:ก"), count(status="draft"), count(words="ข้อที่ 3")) == (1, 8, 9, 1)
    assert count(words="เฉลย") == 0, "the model answer is no word to search by"
    rows, _total = queries.items_page(session, sort="title", descending=True, limit=2)
    assert len(rows) == 2


def test_only_the_institute_writes(session, item, category):
    for role in ("auditor", "commission", "assessor"):
        other = actor_for(account(role))
        with pytest.raises(NotAllowed):
            operations.create_item(session, other, category=category, document=items.single())
        with pytest.raises(NotAllowed):
            operations.submit(session, other, item)
        with pytest.raises(NotAllowed):
            shelves.add_category(session, other, name_th="x")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda s, v: setattr(v, "status", "gone"), lambda s, v: setattr(v, "type", "cloze"),
        lambda s, v: setattr(v, "status", "approved"), lambda s, v: setattr(v, "status", "retired"),
        lambda s, v: s.add(ItemTag(item_id=v.item_id, kind="colour", value="x")),
        lambda s, v: s.add(ItemVersion(item_id=v.item_id, number=2, latest=True, status="draft", type="text", title="x",
            words="", document={}, digest="x", made_by="x", made_at=v.made_at, changed_at=v.made_at)),
        lambda s, v: s.add(ItemReview(version_id=v.id, decision="returned", reviewer="x", reviewed_at=v.made_at)),
        lambda s, v: s.add(ItemPicture(item_id=v.item_id, sha256="x", file_id=99)),
    ],
)  # fmt: skip
def test_the_database_says_no_too(session, item, spoil):
    spoil(session, queries.version_of(session, item))
    with pytest.raises(IntegrityError):
        session.flush()
