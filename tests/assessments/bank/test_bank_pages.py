"""Pages of the bank, as staff write and review items and as an auditor reads them."""

import io
import re

import pytest

from tests.assessments.bank import items
from tests.people import account
from webapp.accounts.queries import actor_for
from webapp.assessments.bank import operations, queries, shelves
from webapp.assessments.bank.models import Item

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@pytest.fixture
def writer(app):
    return account("institute", name="ผู้เขียน")


@pytest.fixture
def bank(session, writer):
    """One item of each type, the first two approved, the third in review."""
    actor, second = actor_for(writer), actor_for(account("institute", name="ผู้อนุมัติ"))
    category = shelves.add_category(session, actor, name_th="ความรู้ทั่วไป", name_en="General")
    made = []
    for number, make in enumerate(items.ALL):
        tags = [("competency", "teamwork"), ("topic", "งบประมาณ")]
        version = operations.create_item(
            session, actor, category=category, document=make(feedback_th="คำอธิบายลับ"), tags=tags
        )
        item = session.get(Item, version.item_id)
        if number < 3:
            operations.submit(session, actor, item)
        if number < 2:
            operations.review(session, second, item, decision="approved", note="", digest=version.digest)
        made.append(item)
    session.commit()
    return made


def pages(bank):
    found = ["/bank", "/bank?q=จับ&type=matching&status=draft&tag=topic:งบประมาณ", "/bank/categories"]
    for item in bank:
        found += [f"/bank/{item.code}", f"/bank/{item.code}/preview", f"/bank/{item.code}/history"]
    return found


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_page_opens_in_both_languages(client, sign_in, bank, language):
    client.set_cookie("language", language)
    sign_in(client, role="institute")
    more = ["/bank/new", "/bank/review", "/bank/categories?change=1", "/bank?category=1&sort=title&dir=desc"]
    more += [f"/bank/{item.code}/{page}" for item in bank for page in ("edit", "filing")]
    more += [f"/bank/new/{make()['type']}" for make in items.ALL]
    for path in pages(bank) + more:
        assert client.get(path).status_code == 200, path
    for path in ("/bank/Q-99999", "/bank/new/cloze", f"/bank/{bank[0].code}?version=9", "/bank?category=zz&page=99"):
        assert client.get(path).status_code == (200 if "?category" in path else 404), path


def test_an_auditor_reads_the_questions_and_never_the_key(client, sign_in, bank):
    sign_in(client, role="auditor")
    for path in pages(bank):
        answer = client.get(path)
        assert answer.status_code == 200, path
        for secret in ("คำอธิบายลับ", "เฉลย<", "สำนักงานเขต<", "“สำนักงานเขต”", "100 %", "[50", "วิเคราะห์"):
            assert secret not in answer.text, (path, secret)
    client.may_fail = True
    for path in (f"/bank/{bank[0].code}/edit", "/bank/new", f"/bank/{bank[0].code}/filing", "/bank/review"):
        assert client.get(path).status_code == 404
    assert client.post(f"/bank/{bank[0].code}/preview", data={"answer": "1"}).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_items(client, sign_in, bank, session, writer, statements):
    sign_in(client, role="institute")
    with statements() as few:
        client.get("/bank")
    category = queries.category(session, bank[0].category_id)
    for _number in range(20):
        operations.create_item(
            session, actor_for(writer), category=category, document=items.text(), tags=[("topic", "ก")]
        )
    session.commit()
    with statements() as many:
        client.get("/bank")
    assert len(many) == len(few)


def test_from_writing_to_approval_through_the_pages(client, sign_in, bank, session, writer):
    sign_in(client, account=writer)
    boxes = {
        "category": "1",
        "stem_th": "แม่น้ำใดไหลผ่านกรุงเทพมหานคร",
        "points": "1",
        "rule": "sum",
        "lower": "0",
        "upper": "100",
    }
    boxes |= {"c-0-text_th": "เจ้าพระยา", "c-0-right": "yes", "c-1-text_th": "โขง", "c-2-text_th": ""}
    answer = client.post("/bank/new/single", data={**boxes, "more": "yes"})
    assert answer.status_code == 200 and 'id="c-6-text_th"' in answer.text and "เจ้าพระยา" in answer.text
    assert client.post("/bank/new/single", data={**boxes, "category": ""}).status_code == 422
    made = client.post("/bank/new/single", data=boxes)
    code = re.search(r"Q-\d+", made.location)[0]
    assert client.post(f"/bank/{code}/submit").status_code == 303
    answer = client.get(f"/bank/{code}")
    assert "จึงต้องให้เจ้าหน้าที่คนอื่นตรวจทาน" in answer.text
    item = queries.item_by_code(session, code)
    digest = queries.version_of(session, item).digest
    client.post(f"/bank/{code}/review", data={"decision": "approved", "digest": digest})
    session.expire_all()
    assert queries.version_of(session, item).status == "in-review"
    sign_in(client, role="institute")
    client.post(f"/bank/{code}/review", data={"decision": "approved", "digest": digest})
    session.expire_all()
    assert queries.version_of(session, item).status == "approved"
    page = client.get(f"/bank/{code}/edit").text
    based_on = re.search(r'name="based_on" value="(\w+)"', page)[1]
    changed = {**boxes, "c-1-text_th": "มูล", "c-0-id": "a", "c-1-id": "b", "based_on": based_on}
    assert client.post(f"/bank/{code}/edit", data=changed).status_code == 422, "a new version wants its reason"
    assert client.post(f"/bank/{code}/edit", data={**changed, "reason": "ตัวลวงอ่อน"}).status_code == 303
    assert client.post(f"/bank/{code}/edit", data=changed).status_code == 422, "somebody has changed it since"
    page = client.get(f"/bank/{code}/history").text
    assert "โขง" in page and "มูล" in page and "ตัวลวงอ่อน" in page


def test_a_try_out_shows_what_an_answer_earns(client, sign_in, bank, session):
    sign_in(client, role="institute")
    answer = client.post(f"/bank/{bank[5].code}/preview", data={"answer": "99.5 บาท"})
    assert "ถูกต้อง" in answer.text and "ได้ 1 จาก 1 คะแนน" in answer.text
    answer = client.post(f"/bank/{bank[3].code}/preview", data={"answer-1": "1"})
    assert answer.status_code == 200
    answer = client.post(f"/bank/{bank[7].code}/preview", data={"answer": "ความเห็น"})
    assert "รอผู้ตรวจให้คะแนน" in answer.text


def test_pictures_tags_categories_and_putting_away(client, sign_in, bank, session):
    sign_in(client, role="institute")
    code = bank[4].code
    upload = {"picture": (io.BytesIO(PNG), "แผนที่.png"), "words": 'แผนที่ "เขต"'}
    client.post(f"/bank/{code}/pictures", data=upload, content_type="multipart/form-data")
    page = client.get(f"/bank/{code}").text
    address = re.search(rf"/bank/{code}/pictures/\w+", page)[0]
    with client.get(address) as picture:
        assert picture.mimetype == "image/png"
    assert "แผนที่ &#34;เขต&#34;" in page.replace("&quot;", "&#34;")
    client.post(f"/bank/{code}/filing", data={"category": "1", "competency": "leadership", "topics": "ผังเมือง, จราจร"})
    assert "ผังเมือง" in client.get("/bank").text
    client.post("/bank/categories", data={"name_th": "กฎหมาย", "parent": "1"})
    client.post("/bank/categories", data={"name_th": "กฎหมายท้องถิ่น", "category": "2", "parent": ""})
    page = client.get("/bank/categories").text
    assert "กฎหมายท้องถิ่น" in page
    client.post("/bank/categories", data={"category": "2", "action": "remove"})
    assert "กฎหมายท้องถิ่น" not in client.get("/bank/categories").text
    assert client.post(f"/bank/{code}/discard").location.endswith("/bank")
    assert client.post(f"/bank/{bank[0].code}/retire", data={"reason": "เก่า"}).status_code == 303
    session.expire_all()
    assert queries.version_of(session, bank[0]).status == "retired"
