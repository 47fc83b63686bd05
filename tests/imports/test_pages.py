"""Imports in the browser: upload, see every bad row, confirm, look back, put a single record right."""

import io

import openpyxl
import pytest
from sqlalchemy import func, select

from tests.imports.workbooks import ROSTER, csv_of, make_cohort, roster, workbook
from webapp.audit import AuditEntry
from webapp.files.models import StoredFile
from webapp.imports import work
from webapp.imports.models import ImportRun
from webapp.jobs.models import Job
from webapp.jobs.operations import do
from webapp.officers.models import Officer, Posting


@pytest.fixture
def staff(client, sign_in, session):
    make_cohort(session)
    sign_in(client, role="institute")
    return client


def token_of(client, address="/imports/new"):
    page = client.get(address).text
    return page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]


def upload(client, content, kind="roster", name="ทะเบียน.xlsx", key="11111111-1111-4111-8111-111111111111"):
    data = {"kind": kind, "file": (io.BytesIO(content), name), "key": key, "csrf_token": token_of(client)}
    return client.post("/imports/new", data=data, content_type="multipart/form-data")


def post(client, address, **data):
    return client.post(address, data=data | {"csrf_token": token_of(client)})


def test_a_file_is_uploaded_previewed_and_confirmed(staff, session):
    answer = upload(staff, workbook(ROSTER))
    assert answer.status_code == 303
    page = staff.get(answer.location).text
    assert "ทุกแถวใช้ได้" in page
    assert "ยืนยันการนำเข้า" in page
    assert session.scalar(select(func.count()).select_from(Officer)) == 0
    assert post(staff, f"{answer.location}/apply").status_code == 303
    assert session.scalar(select(func.count()).select_from(Officer)) == 3
    page = staff.get(answer.location).text
    assert "นำเข้าแล้ว" in page
    assert "ทะเบียน.xlsx" in staff.get("/imports").text
    assert "สำนักงานเขตพระนคร" in staff.get(f"{answer.location}/records/postings").text
    assert (
        session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc()).limit(1)).one() == "imports:file:apply"
    )


def test_confirming_twice_or_sending_twice_is_one_import(staff, session):
    first = upload(staff, workbook(ROSTER)).location
    content = session.scalars(select(StoredFile)).one()
    assert upload(staff, (work.path_of(content)).read_bytes()).location == first
    post(staff, f"{first}/apply")
    post(staff, f"{first}/apply")
    assert session.scalar(select(func.count()).select_from(ImportRun)) == 1
    assert (
        session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "imports:file:apply"))
        == 1
    )
    assert upload(staff, workbook(roster(units=[])), key="11111111-1111-4111-8111-111111111111").status_code == 422


def test_every_bad_row_is_shown_and_can_be_downloaded_to_correct(staff, session):
    sheets = roster()
    sheets["officers"][2][5] = "30/2/2512"
    sheets["scores"][1][4] = 101
    address = upload(staff, workbook(sheets)).location
    page = staff.get(address).text
    for words in ("30/2/2512", "ไม่มีวันนี้ในปฏิทิน", "เกินคะแนนเต็ม 100", "ไม่มีการบันทึกใด ๆ"):
        assert words in page
    assert post(staff, f"{address}/apply").status_code == 303
    assert session.scalar(select(func.count()).select_from(Officer)) == 0
    book = openpyxl.load_workbook(io.BytesIO(staff.get(f"{address}/rejected.xlsx").data))
    assert book.sheetnames == ["officers", "scores"]
    rows = list(book["officers"].iter_rows(values_only=True))
    assert rows[0][-1] == "เหตุที่ไม่รับ"
    assert rows[1][0] == "0002"
    assert "birth_date" in rows[1][-1]


def test_a_formula_nobody_worked_out_rejects_the_file_and_is_handed_back_as_it_was_typed(staff, session):
    book = openpyxl.load_workbook(io.BytesIO(workbook(roster())))
    book["coaching"]["I2"] = '=CONCATENATE("สำนัก","งาน")'
    file = io.BytesIO()
    book.save(file)
    address = upload(staff, file.getvalue()).location
    assert "สูตรในเซลล์ I2 ยังไม่มีค่า" in staff.get(address).text
    assert session.scalar(select(func.count()).select_from(Officer)) == 0
    back = openpyxl.load_workbook(io.BytesIO(staff.get(f"{address}/rejected.xlsx").data))["coaching"]["I2"]
    assert (back.value, back.data_type) == ('=CONCATENATE("สำนัก","งาน")', "s")


def test_english_readers_read_english_reasons(staff):
    sheets = roster()
    sheets["officers"][2][5] = "30/2/2512"
    address = upload(staff, workbook(sheets)).location
    staff.set_cookie("language", "en")
    page = staff.get(address).text
    assert "the calendar has no such day" in page
    assert "Officers" in page


def test_a_page_of_bad_rows_holds_fifty(staff):
    rows = [ROSTER["works"][0], *(["9999", f"ผลงาน {n}", "1/1/2565", None, None, None] for n in range(120))]
    staff_rows = workbook({"units": ROSTER["units"], "works": rows})
    address = upload(staff, staff_rows).location
    assert staff.get(address).text.count("ไม่พบข้าราชการเลขนี้") == 50
    assert staff.get(f"{address}?page=3").text.count("ไม่พบข้าราชการเลขนี้") == 20


def test_what_is_no_workbook_is_refused_on_the_form(staff, session):
    answer = upload(staff, b"%PDF-1.7 not a workbook", name="x.xlsx")
    assert answer.status_code == 422
    assert "ไม่ใช่ไฟล์ .xlsx หรือ .csv" in answer.text
    assert session.scalar(select(func.count()).select_from(ImportRun)) == 0
    assert upload(staff, b"").status_code == 422


def test_a_csv_comes_in_as_its_kind(staff, session):
    post(staff, upload(staff, workbook(ROSTER)).location + "/apply")
    content = csv_of(
        [["officer_no", "course_code", "completed_on", "result"], ["0002", "outside-course", "1/9/2566", "ผ่าน"]],
        "cp874",
    )
    address = upload(staff, content, kind="training", name="t.csv", key="22222222-2222-4222-8222-222222222222").location
    assert "ทุกแถวใช้ได้" in staff.get(address).text


def test_a_large_file_is_checked_and_applied_in_the_background(staff, session, monkeypatch):
    monkeypatch.setattr(work, "AT_ONCE_BYTES", 10)
    answer = upload(staff, workbook(ROSTER))
    assert "/jobs/" in answer.location
    run = session.scalars(select(ImportRun)).one()
    assert run.status == "uploaded"
    do(session.scalars(select(Job.id)).one())
    session.expire_all()
    assert session.scalars(select(ImportRun)).one().status == "checked"
    answer = post(staff, f"/imports/{run.id}/apply")
    assert "/jobs/" in answer.location
    do(session.scalars(select(Job.id).order_by(Job.id.desc()).limit(1)).one())
    session.expire_all()
    assert session.scalars(select(ImportRun)).one().status == "applied"
    assert session.scalar(select(Job.result).order_by(Job.id.desc()).limit(1))["go_to"] == f"/imports/{run.id}"


def test_each_role_brings_in_its_own_kinds(app, session, sign_in):
    make_cohort(session)
    commission = app.test_client()
    sign_in(commission, role="commission")
    page = commission.get("/imports/new").text
    assert 'value="postings"' in page
    assert 'value="scores"' not in page
    assert upload(commission, csv_of([["x"]]), kind="scores").status_code == 422
    institute = app.test_client()
    sign_in(institute, role="institute")
    address = upload(institute, workbook(ROSTER)).location
    assert commission.get(address).status_code == 404
    assert post(commission, f"{address}/apply").status_code == 404
    auditor = app.test_client()
    sign_in(auditor, role="auditor")
    assert auditor.get(address).status_code == 200
    assert auditor.get("/imports/new").status_code == 404


def test_a_discarded_upload_writes_nothing(staff, session):
    address = upload(staff, workbook(ROSTER)).location
    assert post(staff, f"{address}/discard").status_code == 303
    post(staff, f"{address}/apply")
    assert session.scalar(select(func.count()).select_from(Officer)) == 0


def test_templates_come_with_thai_headings_and_read_back(staff):
    book = openpyxl.load_workbook(io.BytesIO(staff.get("/imports/templates/scores.xlsx").data))
    assert book["scores"]["A1"].value == "รหัสรุ่น"
    assert staff.get("/imports/templates/units.xlsx").status_code == 404


@pytest.fixture
def posting(staff, session):
    post(staff, upload(staff, workbook(ROSTER)).location + "/apply")
    return session.scalars(select(Posting).where(Posting.order_ref == "ก 1")).one().id


def as_typed(**changed):
    return {
        "typed_post_code": "assistant-district-director",
        "typed_position_type": "managerial",
        "typed_level": "primary",
        "typed_unit_code": "BMA-D01",
        "typed_section": "",
        "typed_start_date": "1/10/2560",
        "typed_end_date": "30/9/2565",
        "typed_acting": "0",
        "typed_order_ref": "ก 1",
    } | {f"typed_{name}": value for name, value in changed.items()}


def test_a_wrong_record_is_corrected_with_a_reason_and_the_old_one_kept(staff, session, posting):
    page = staff.get(f"/records/postings/{posting}").text
    assert "1/10/2560" in page  # the field holds what stands, typed as in a file
    answer = post(staff, f"/records/postings/{posting}/correct", **as_typed(start_date="1/11/2560"), reason="คำสั่งแก้ไข")
    assert answer.status_code == 303
    old = session.get(Posting, posting)
    new = session.get(Posting, old.replaced_by_id)
    assert (old.void_reason, old.voided_at is not None) == ("คำสั่งแก้ไข", True)
    assert (str(new.started_on), new.voided_at, new.officer_id) == ("2017-11-01", None, old.officer_id)
    assert "คำสั่งแก้ไข" in staff.get(answer.location).text
    assert "เปิดรายการที่ใช้แทน" in staff.get(f"/records/postings/{posting}").text
    assert post(staff, f"/records/postings/{posting}/void", **{"void-reason": "ซ้ำ"}).status_code == 409
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.action, entry.thing_key) == ("officers:fact:correct", str(posting))


@pytest.mark.parametrize(
    ("changed", "reason", "words"),
    [
        ({"start_date": "31/2/2560"}, "x", "ไม่มีวันนี้ในปฏิทิน"),
        ({"unit_code": "BMA-X99"}, "x", "ไม่พบหน่วยงาน"),
        ({"level": "expert"}, "x", "ไม่ใช่ระดับ"),
        ({"start_date": ""}, "x", "ต้องกรอกช่องนี้"),
        ({}, "x", "ไม่มีอะไรเปลี่ยน"),
        ({"order_ref": "ก 9"}, " ", "เหตุผล"),
    ],
)
def test_a_correction_that_cannot_be_taken_keeps_what_was_typed(staff, session, posting, changed, reason, words):
    answer = post(staff, f"/records/postings/{posting}/correct", **as_typed(**changed), reason=reason)
    assert answer.status_code == 422
    assert words in answer.text
    for value in changed.values():
        assert value in answer.text
    assert session.get(Posting, posting).voided_at is None


def test_a_record_is_voided_with_a_reason(staff, session, posting):
    assert post(staff, f"/records/postings/{posting}/void", **{"void-reason": ""}).status_code == 422
    assert post(staff, f"/records/postings/{posting}/void", **{"void-reason": "บันทึกผิดคน"}).status_code == 303
    assert session.get(Posting, posting).void_reason == "บันทึกผิดคน"
    assert "บันทึกผิดคน" in staff.get(f"/records/postings/{posting}").text
    # The same key may come in again: the voided record does not stand in its way.
    again = upload(staff, workbook(ROSTER), key="33333333-3333-4333-8333-333333333333").location
    post(staff, f"{again}/apply")
    assert session.scalar(select(func.count()).select_from(Posting).where(Posting.order_ref == "ก 1")) == 2


def test_the_history_takes_the_same_number_of_queries_for_one_import_or_many(staff, session, statements):
    def count():
        with statements() as ran:
            staff.get("/imports")
        return len(ran)

    upload(staff, workbook(ROSTER))
    one = count()
    for number in range(5):
        upload(staff, workbook(roster(units=ROSTER["units"])), key=f"4444444{number}-1111-4111-8111-111111111111")
    assert count() == one


def test_nobody_brings_in_points_of_their_own(staff, session):
    post(staff, upload(staff, workbook(ROSTER)).location + "/apply")
    me = session.scalar(select(ImportRun.uploaded_by_id))
    session.scalars(select(Officer).where(Officer.officer_no == "0002")).one().account_id = me
    session.commit()
    rows = [ROSTER["scores"][0], ["DD-T-1", "0002", "proposal", "กรรมการ ก", 99, 100]]
    content = workbook({"scores": rows})
    page = staff.get(upload(staff, content, kind="scores", key="55555555-1111-4111-8111-111111111111").location).text
    assert "ให้คะแนนหรือประเมินตนเองไม่ได้" in page


def test_a_bomb_is_refused_with_its_reason(staff, session):
    from tests.spreadsheets.test_hostile_files import archive

    address = upload(staff, archive(b"0" * 60_000_000)).location
    assert "ใหญ่เกินกว่าจะเปิดได้อย่างปลอดภัย" in staff.get(address).text
    assert post(staff, f"{address}/apply").status_code == 303
    assert session.scalars(select(ImportRun)).one().status == "rejected"
