"""Question files in and out on the pages: looked at first, confirmed, listed, and the same file twice adds nothing."""

import io
import re

import pytest
from sqlalchemy import select

from tests.assessments.bank import items
from tests.assessments.bank.transfer import files
from tests.people import account
from webapp.accounts.queries import actor_for
from webapp.assessments.bank import operations, queries, shelves
from webapp.assessments.bank.models import Item, ItemExport, ItemImport, ItemVersion
from webapp.assessments.bank.sheets import read_items
from webapp.audit import AuditEntry, AuditOpening
from webapp.errors import Conflict
from webapp.jobs.operations import do, waiting_jobs
from webapp.spreadsheets.reading import open_file


def bring(client, content, name="ข้อสอบ.txt"):
    upload = {"file": (io.BytesIO(content), name)}
    return client.post("/bank/imports/new", data=upload, content_type="multipart/form-data")


def work(session):
    """What the worker would do."""
    for job_id, _key in waiting_jobs(session):
        do(job_id)
    session.expire_all()


def counts(session):
    session.expire_all()
    return session.query(Item).count()


def recorded(session, action):
    """What the one audit entry of this act says."""
    query = select(AuditOpening).join(AuditEntry, AuditEntry.id == AuditOpening.entry_id)
    return session.scalars(query.where(AuditEntry.action == action)).one().values["after"]


@pytest.fixture
def shelf(session, client, sign_in):
    author = sign_in(client, role="institute")
    category = shelves.add_category(session, actor_for(author), name_th="ความรู้", name_en="Knowledge")
    session.commit()
    return category


def test_a_file_is_looked_at_confirmed_and_comes_in_as_drafts(client, session, shelf):
    answer = bring(client, files.GIFT.encode())
    assert answer.location.endswith("/bank/imports/1")
    page = client.get("/bank/imports/1").text
    assert "พบข้อสอบใหม่ 2 ข้อ" in page and "กรุงเทพมหานคร [100 %]" in page and "นนทบุรี [-50 %]" in page
    assert counts(session) == 0, "nothing is written before it is confirmed"
    assert "เป็นข้อความอธิบาย ไม่ใช่ข้อสอบ" in client.get("/bank/imports/1?show=refused").text
    assert client.post("/bank/imports/1", data={"category": ""}).status_code == 422
    client.post("/bank/imports/1", data={"category": "1", "own": "yes"})
    assert counts(session) == 2
    first = queries.item_by_code(session, "Q-00001")
    assert queries.version_of(session, first).status == "draft"
    assert [tag.value for tag in first.tags] == ["ปกครอง"]
    assert first.origin == "ข้อสอบ.txt, 4"
    assert [row.path for row in queries.tree(session)] == ["ความรู้", "ความรู้ › กฎหมาย", "ความรู้ › กฎหมาย › ท้องถิ่น"]
    page = client.get("/bank/imports/1").text
    assert "/bank/Q-00001" in page and "กรุงเทพมหานคร [100 %]" not in page
    after = recorded(session, "assessments:item:import")
    assert after["created"] == 2 and after["refused"] == 1 and "กรุงเทพ" not in str(after)


def test_the_same_file_twice_adds_nothing_and_says_so(client, session, shelf):
    bring(client, files.GIFT.encode())
    client.post("/bank/imports/1", data={"category": "1"})
    client.post("/bank/imports/1", data={"category": "1"})
    assert counts(session) == 2, "confirmed twice"
    bring(client, files.GIFT.encode(), "อีกชื่อ.txt")
    page = client.get("/bank/imports/2").text
    assert "พบข้อสอบใหม่ 0 ข้อ" in page and "ไฟล์นี้เคยนำเข้าแล้วเมื่อ" in page and "ไม่มีข้อใหม่ให้นำเข้า" in page
    client.post("/bank/imports/2", data={"category": "1"})
    assert counts(session) == 2
    page = client.get("/bank/imports").text
    assert "อีกชื่อ.txt" in page and "นำเข้าแล้ว" in page
    assert "อีกชื่อ.txt" not in client.get("/bank/imports?q=ข้อสอบ").text


def test_a_package_is_looked_at_by_the_worker_and_its_pictures_come_along(client, session, shelf):
    answer = bring(client, files.qti(), "ชุด.zip")
    assert "/jobs/" in answer.location
    work(session)
    assert "ดูผล" in client.get(answer.location).text
    page = client.get("/bank/imports/1?show=refused").text
    assert "คลังข้อสอบไม่มีวิธีตอบแบบ" in page
    listed = client.get("/bank/imports/1/refused.xlsx").data
    with open_file(listed) as book:
        assert book.grid("list")[1][:2] == ["items/three.xml", "three"]
    assert "/jobs/" in client.post("/bank/imports/1", data={"category": "1"}).location
    work(session)
    assert counts(session) == 2
    page = client.get("/bank/Q-00001").text
    address = re.search(r"/bank/Q-00001/pictures/\w+", page)[0]
    with client.get(address) as picture:
        assert picture.data == files.PNG
    with client.get("/bank/imports/1/file") as kept:
        assert kept.data == files.qti()


HOSTILE = {
    "a picture": files.PNG, "nothing": b"", "a page": b"<html><body>x</body></html>", "a program": b"MZ\x90\x00\x03\x00\x00",
    "cut off": files.qti()[:300], "an entity": b'<!DOCTYPE q [<!ENTITY a SYSTEM "file:///etc/passwd">]><quiz>&a;</quiz>',
    "bombs": b"<quiz>" + b"<question>" * 40_000, "a bomb": files.package(bomb_xml=b"\x00" * 90_000_000),
    "other zip": files.package(readme_txt="hello"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_what_is_no_question_file_is_refused_with_one_sentence(client, session, shelf, name):
    answer = bring(client, HOSTILE[name], "x.xml")
    if answer.status_code == 303:
        work(session)
        page = client.get("/bank/imports/1").text
        assert "ไฟล์นี้อ่านไม่ได้ ไม่มีการบันทึกใด ๆ" in page
        client.post("/bank/imports/1", data={"category": "1"})
        client.post("/bank/imports/1/discard")
        assert session.get(ItemImport, 1, populate_existing=True).status == "discarded"
    else:
        assert answer.status_code == 422 and "field-error" in answer.text
    assert counts(session) == 0


def test_an_upload_that_is_put_aside_leaves_nothing(client, session, shelf):
    bring(client, files.GIFT.encode())
    assert client.post("/bank/imports/1/discard").status_code == 303
    client.post("/bank/imports/1", data={"category": "1"})
    assert counts(session) == 0


def test_the_same_upload_sent_twice_is_one(client, session, shelf):
    for name in ("a.txt", "a.txt"):
        upload = {"file": (io.BytesIO(files.GIFT.encode()), name), "key": "k" * 36}
        client.post("/bank/imports/new", data=upload, content_type="multipart/form-data")
    assert session.query(ItemImport).count() == 1
    upload = {"file": (io.BytesIO(b"other {T}"), "b.txt"), "key": "k" * 36}
    answer = client.post("/bank/imports/new", data=upload, content_type="multipart/form-data")
    assert "ถูกใช้ไปแล้วกับไฟล์อื่น" in answer.text


@pytest.fixture
def bank(session, shelf):
    author = actor_for(account("institute", name="ผู้เขียน"))
    for make in items.ALL:
        operations.create_item(session, author, category=shelf, document=make(), tags=[("topic", "ก")])
    session.commit()


@pytest.mark.parametrize("kind", ["moodle", "gift", "qti", "excel"])
def test_what_goes_out_comes_back_as_the_same_items(client, session, bank, kind):
    page = client.get("/bank/exports/new").text
    assert "ส่งออกข้อสอบ 8 ข้อ" in page
    answer = client.post("/bank/exports/new", data={"format": kind})
    assert answer.location.endswith("/bank/exports/1")
    made = session.get(ItemExport, 1, populate_existing=True)
    assert made.items + len(made.left_out) == 8 and made.items
    page = client.get("/bank/exports/1").text
    assert all(row["code"] in page for row in made.left_out)
    with client.get("/bank/exports/1/file") as file:
        content = file.data
    assert client.get("/bank/exports/1/left-out.xlsx").status_code == 200
    bring(client, content, "again")
    work(session)
    run = session.get(ItemImport, 1)
    assert (run.format, len(run.found), run.refused) == (kind, made.items, [])
    assert all(row["there"] for row in run.found), [row["name"] for row in run.found if not row["there"]]
    assert recorded(session, "assessments:item:export")["items"] == made.items


def test_chosen_items_and_a_filter_narrow_what_goes_out(client, session, bank):
    page = client.get("/bank").text
    assert 'value="Q-00003"' in page and "ส่งออกข้อที่เลือก" in page
    assert "ส่งออกข้อสอบ 2 ข้อ" in client.get("/bank/exports/new?code=Q-00001&code=Q-00003").text
    assert "ส่งออกข้อสอบ 1 ข้อ" in client.get("/bank/exports/new?type=essay&category=1").text
    assert "ไม่มีข้อสอบตามที่เลือก" in client.get("/bank/exports/new?q=zzz").text
    answer = client.post("/bank/exports/new", data={"format": "excel", "code": ["Q-00003"]})
    with client.get(f"{answer.location}/file") as file:
        found, wrong = read_items(file.data)
    assert [item.document["type"] for item in found] == ["true-false"] and wrong == []
    assert client.post("/bank/exports/new", data={"format": "pdf"}).status_code == 422


def test_many_items_are_made_by_the_worker(client, session, bank, shelf):
    author = actor_for(account("institute", name="ผู้เขียนอีกคน"))
    for number in range(10):
        operations.create_item(session, author, category=shelf, document=items.text(title_th=f"คำ {number}"))
    session.commit()
    answer = client.post("/bank/exports/new", data={"format": "gift"})
    assert "/jobs/" in answer.location
    work(session)
    assert "/bank/exports/1" in client.get(answer.location).text
    assert "ดาวน์โหลดไฟล์" in client.get("/bank/exports/1").text


def test_an_auditor_sees_what_came_and_went_and_nothing_of_the_key(client, session, bank, sign_in):
    bring(client, "::ข้อ:: เมืองหลวง {=กรุงเทพ ~ระยอง}\n\nขนาด {#เก้า}\n".encode())
    client.post("/bank/exports/new", data={"format": "gift"})
    sign_in(client, role="auditor")
    client.may_fail = True
    for path in (
        "/bank/imports",
        "/bank/imports/1",
        "/bank/imports/1?show=refused",
        "/bank/exports",
        "/bank/exports/1",
    ):
        answer = client.get(path)
        assert answer.status_code == 200
        for secret in ("100 %", "ระยอง", "เก้า", "เฉลย["):
            assert secret not in answer.text, (path, secret)
    for path in ("/bank/imports/new", "/bank/imports/1/file", "/bank/imports/1/refused.xlsx", "/bank/exports/1/file",
                 "/bank/exports/new", "/bank/form.xlsx"):  # fmt: skip
        assert client.get(path).status_code == 404, path
    assert client.post("/bank/imports/1", data={"category": "1"}).status_code == 404
    assert session.query(ItemVersion).count() == 8


def test_who_lost_the_right_after_asking_writes_nothing(client, session, shelf):
    bring(client, files.qti(), "ชุด.zip")
    work(session)
    client.post("/bank/imports/1", data={"category": "1"})
    from webapp.accounts.models import Account

    for somebody in session.query(Account):
        somebody.active = False
    session.commit()
    work(session)
    assert counts(session) == 0


def test_a_file_to_confirm_stands_on_its_uploaders_home(client, session, shelf, sign_in):
    bring(client, files.GIFT.encode())
    assert "ยืนยันไฟล์ข้อสอบ: ข้อสอบ.txt" in client.get("/").text
    client.post("/bank/imports/1", data={"category": "1"})
    assert "ยืนยันไฟล์ข้อสอบ" not in client.get("/").text
    bring(client, "อีกข้อ {T}".encode(), "สอง.txt")
    sign_in(client, role="institute")
    assert "ยืนยันไฟล์ข้อสอบ" not in client.get("/").text


def test_a_large_file_waits_while_somebody_sits_an_exam(client, session, shelf, monkeypatch):
    def refuse(_session):
        raise Conflict("กำลังมีผู้สอบอยู่ ไฟล์ใหญ่จึงต้องรอ ยืนยันได้อีกครั้งหลัง %(time)s", time="10.00 น.")

    monkeypatch.setattr("webapp.assessments.bank.transfer.views.wait_for_exams", refuse)
    bring(client, "".join(f"ข้อ {n} {{T}}\n\n" for n in range(101)).encode())
    answer = client.post("/bank/imports/1", data={"category": "1"})
    assert answer.status_code == 422 and "ยืนยันได้อีกครั้งหลัง 10.00 น." in answer.text
    assert counts(session) == 0
