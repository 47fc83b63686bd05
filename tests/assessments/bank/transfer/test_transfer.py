"""What a file brings is written whole and once, on either database; the database says no too."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from tests.assessments.bank import items
from tests.assessments.bank.transfer import files
from tests.people import account
from webapp.accounts.queries import actor_for
from webapp.assessments.bank import operations, queries, shelves
from webapp.assessments.bank.formats.writing import Given, write
from webapp.assessments.bank.models import Item, ItemAuthor, ItemExport, ItemImport, ItemPicture, ItemTag, ItemVersion
from webapp.assessments.bank.transfer import incoming
from webapp.errors import Conflict, NotAllowed, RuleBroken


@pytest.fixture
def author(app):
    return actor_for(account("institute", name="ผู้นำเข้า"))


def looked_at(session, author, content, name="ชุด.zip"):
    run = incoming.receive(session, author, name, content, key="")
    batch = incoming.batch_of(content, name)
    incoming.keep_preview(session, run, batch)
    return run, batch


def brought(session, author, content, category=None, own=True):
    run, batch = looked_at(session, author, content)
    incoming.choose(session, author, run, category=category, own_categories=own)
    return incoming.apply(session, author, run, batch)


def test_items_pictures_tags_and_authors_come_in_one_step(any_database, session, author):
    shelf = shelves.add_category(session, author, name_th="คลัง")
    run = brought(session, author, files.qti(), shelf)
    assert (run.status, run.created, run.known, len(run.refused)) == ("applied", 2, 0, 1)
    assert session.scalar(select(func.count(ItemPicture.id))) == 1
    versions = session.scalars(select(ItemVersion)).all()
    assert {version.status for version in versions} == {"draft"}
    assert all(operations.is_author(session, author, version) for version in versions)
    assert [row["code"] for row in run.found] == [item.code for item in session.scalars(select(Item).order_by(Item.id))]
    assert all("document" not in row for row in run.found)
    again = brought(session, author, files.qti(), shelf)
    assert (again.created, again.known) == (0, 2)
    assert incoming.apply(session, author, again, incoming.Batch()).known == 2, "applied twice is applied once"
    assert session.scalar(select(func.count(Item.id))) == 2


def test_the_author_of_an_import_does_not_review_it(session, author):
    brought(session, author, files.GIFT.encode())
    item = session.scalars(select(Item).order_by(Item.id)).first()
    version = operations.submit(session, author, item)
    with pytest.raises(RuleBroken):
        operations.review(session, author, item, decision="approved", note="", digest=version.digest)
    assert session.scalar(select(func.count(ItemAuthor.id))) == 2


def test_an_item_is_known_under_other_names_and_in_older_versions(session, author):
    shelf = shelves.add_category(session, author, name_th="คลัง")
    version = operations.create_item(session, author, category=shelf, document=items.matching(title_th="คู่"))
    document = items.matching(title_th="คู่")
    for part in ("sources", "targets"):
        for row in document[part]:
            row["id"] = f"x{row['id']}"
    document["pairs"] = [
        {**pair, "source": f"x{pair['source']}", "target": f"x{pair['target']}"} for pair in document["pairs"]
    ]
    content = write("moodle", [Given("คู่", document)], {}).content
    item = session.get(Item, version.item_id)
    operations.change_item(session, author, item, items.matching(title_th="คู่", points="9"), based_on=version.digest)
    assert brought(session, author, content, shelf).created == 1, "the draft was changed, so this is another"
    assert brought(session, author, content, shelf).created == 0


def test_categories_are_those_of_the_file_or_the_chosen_one(session, author):
    brought(session, author, files.GIFT.encode())
    assert [row.path for row in queries.tree(session)] == ["กฎหมาย", "กฎหมาย › ท้องถิ่น"]
    run, _batch = looked_at(session, author, b"no category {T}")
    for own in (True, False):
        with pytest.raises(RuleBroken):
            incoming.choose(session, author, run, category=None, own_categories=own)


def test_a_tag_that_names_a_competency_is_one(session, author):
    brought(
        session,
        author,
        "$CATEGORY: ก\n\n// [tag:competency:teamwork] [tag:competency:flying] [tag:งบ]\nข้อ {T}".encode(),
    )
    assert {(tag.kind, tag.value) for tag in session.scalars(select(ItemTag))} == {
        ("competency", "teamwork"), ("topic", "competency:flying"), ("topic", "งบ"),
    }  # fmt: skip


def test_only_the_institute_brings_in(session, author):
    run, batch = looked_at(session, author, files.GIFT.encode())
    for role in ("auditor", "commission", "assessor", "officer"):
        other = actor_for(account(role))
        for act in (
            lambda who: incoming.receive(session, who, "a", files.GIFT.encode(), key=""),
            lambda who: incoming.choose(session, who, run, category=None, own_categories=True),
            lambda who: incoming.apply(session, who, run, batch),
            lambda who: incoming.discard(session, who, run),
        ):
            with pytest.raises(NotAllowed):
                act(other)
    incoming.discard(session, author, run)
    with pytest.raises(Conflict):
        incoming.discard(session, author, brought(session, author, files.GIFT.encode()))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda s, run: setattr(run, "status", "gone"),
        lambda s, run: setattr(run, "file_id", 99),
        lambda s, run: setattr(run, "category_id", 99),
        lambda s, run: s.add(ItemImport(file_name="x", file_sha256="x", file_id=run.file_id, status="checked", uploaded_by="x",
                                        uploaded_at=run.uploaded_at, key=run.key)),
        lambda s, run: s.add(ItemExport(format="pdf", made_by="x", made_at=run.uploaded_at)),
        lambda s, run: s.add(ItemExport(format="gift", made_by="x", made_at=run.uploaded_at, file_id=99)),
    ],
)  # fmt: skip
def test_the_database_says_no_too(session, author, spoil):
    run = incoming.receive(session, author, "a.txt", files.GIFT.encode(), key="once")
    spoil(session, run)
    with pytest.raises(IntegrityError):
        session.flush()
