"""The pages of drafts: everything is edited by forms without scripts, stale edits are refused, a second person publishes."""

import re
from html import unescape
from typing import Any

import pytest

from webapp.careers import queries as careers
from webapp.careers.models import JobProfile

DRAFT = "/posts/district-director/profiles/2"
THAI = re.compile("[ก-๙]")


def send(client: Any, address: str, **values: Any) -> Any:
    """Fill in the form at the address as it stands, change ``values``, and send it, as a browser does."""
    return client.post(address, data={**filled(client.get(address).text), **values})


def filled(page: str) -> dict[str, str]:
    """What the page's main form holds."""
    form = re.search(r'<form method="post"[^>]*(?:novalidate|class="form)[^>]*>.*?</form>', page, re.DOTALL)
    assert form is not None
    text = form.group()
    found = {}
    for tag in re.findall(r"<input[^>]*>", text):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name is None or (('type="checkbox"' in tag or 'type="radio"' in tag) and " checked" not in tag):
            continue
        found[name[1]] = unescape(value[1]) if value else ""
    for name, inside in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', text, re.DOTALL):
        found[name] = unescape(inside).replace("\r\n", "\n").lstrip("\n")
    for name, inside in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"|<option value="([^"]*)" selected', inside) or re.search(
            r'<option value="([^"]*)"()', inside
        )
        found[name] = (chosen[1] or chosen[2] or "") if chosen else ""
    return found


def token(client: Any) -> str:
    return re.search(
        r'name="csrf_token"[^>]*value="([^"]*)"', client.get("/posts/district-director/profiles/new").text
    )[1]  # type: ignore[index]


@pytest.fixture
def drafted(client: Any, sign_in: Any) -> Any:
    """Somebody of the commission's office who has begun a draft from the published version."""
    person = sign_in(client, role="commission")
    answer = send(client, "/posts/district-director/profiles/new", reason="ทบทวนจำนวนฝ่าย")
    assert answer.location == f"{DRAFT}/edit"
    return person


def words_of(page: Any) -> str:
    main = re.search(r"<main.*?</main>", page.text, re.DOTALL)
    assert main is not None, page.text[:300]
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main.group())))


PAGES = (
    "", "/edit", "/edit/reason", "/publish", "/withdraw", "/compare", "/edit/duties", "/edit/duties/add",
    "/edit/duties/0", "/edit/development/0", "/edit/competencies", "/edit/competencies/add",
    "/edit/competencies/at/leadership", "/edit/course", "/edit/criteria", "/edit/entry", "/edit/criteria/add",
    "/edit/criteria/add?kind=tenure", "/edit/criteria/add?kind=at_least", "/edit/criteria/add?kind=competency",
    "/edit/criteria/add?kind=qualification", "/edit/criteria/add?kind=posting_and_works",
    "/edit/criteria/at/dd", "/edit/criteria/at/dd-sections", "/edit/criteria/at/dd-assistant-tenure",
    "/edit/criteria/at/dd-competency",
)  # fmt: skip

READ = (
    "",
    "/edit",
    "/publish",
    "/compare",
    "/edit/duties",
    "/edit/competencies",
    "/edit/criteria",
    "/edit/criteria/add",
)


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_page_of_a_draft_reads_in_both_languages(client: Any, drafted: Any, language: str) -> None:
    client.get(DRAFT)  # what was said about the draft's beginning has been read
    client.set_cookie("language", language)
    wrong = []
    for page in PAGES:
        answer = client.get(DRAFT + page)
        told = words_of(answer)
        told = told.replace("ทบทวนจำนวนฝ่าย", "").replace(drafted.name, "").replace("ไทย", "")
        if answer.status_code != 200:
            wrong.append(f"{page}: {answer.status}")
        if language == "en" and page in READ and THAI.search(told):
            wrong.append(f"{page}: {THAI.findall(told)[:5]} in {told[:200]}")
    assert not wrong


OTHERS = (
    "/posts/district-director/profiles", "/posts/district-director/profiles/new", "/posts/district-director/evidence",
    "/posts/district-director/evidence/add/interview", "/remarks", "/remarks/subcommittee-7", "/remarks/new",
    "/competencies/new", "/competencies/leadership/versions", "/competencies/leadership/versions/1",
)  # fmt: skip


def test_the_pages_beside_a_profile_read_in_english(client: Any, sign_in: Any) -> None:
    sign_in(client, role="commission")
    client.set_cookie("language", "en")
    assert client.get("/remarks/subcommittee-7/answer").status_code == 200
    assert client.get("/competencies/leadership/edit").status_code == 200
    assert client.get("/posts/district-director/profiles/1.pdf").data.startswith(b"%PDF")
    wrong = [page for page in OTHERS if client.get(page).status_code != 200 or THAI.search(words_of(client.get(page)))]
    assert not wrong


def test_the_commission_drafts_a_criterion_and_a_second_person_publishes(
    client: Any, drafted: Any, sign_in: Any, session: Any
) -> None:
    answer = send(
        client,
        f"{DRAFT}/edit/criteria/add?kind=works&into=dd",
        name_th="มีผลงานเชิงประจักษ์",
        name_en="Has evidenced works",
        amount="1",
    )
    assert answer.status_code == 303, words_of(answer)
    page = words_of(client.get(f"{DRAFT}/edit/criteria"))
    assert "เกณฑ์ข้อนี้ยังไม่มีเหตุผล" in page and "เกณฑ์ข้อนี้ยังไม่มีที่มา" in page
    assert send(client, f"{DRAFT}/publish").status_code == 422
    sign_in(client, role="commission")
    refused = client.post(f"{DRAFT}/publish", data=filled(client.get(f"{DRAFT}/publish").text))
    assert refused.status_code == 422
    assert f"{DRAFT}/edit/criteria/at/dd-evidenced-works" in refused.text
    assert "เกณฑ์ข้อนี้ยังไม่มีเหตุผล" in words_of(refused)
    sign_in(client, account=drafted)
    answer = send(
        client, f"{DRAFT}/edit/criteria/at/dd-evidenced-works", reason_th="ต้องเห็นผลงานจริง", source="มติ ก.ก. ครั้งที่ 4/2569",
    )  # fmt: skip
    assert answer.status_code == 303, words_of(answer)
    own = send(client, f"{DRAFT}/publish")
    assert own.status_code == 422 and "เผยแพร่เองไม่ได้" in words_of(own)
    second = sign_in(client, role="commission")
    assert send(client, f"{DRAFT}/publish", note="มติ ก.ก. 5/2569").status_code == 303
    post = careers.post(session, "district-director")
    latest = careers.published_profile(session, post.id)
    assert latest is not None and (latest.version, latest.published_by) == (2, second.name)
    assert [node["id"] for node in latest.document["criteria"]["of"]][-1] == "dd-evidenced-works"
    assert all(row["version"] == 1 for row in latest.document["competencies"])
    told = words_of(client.get(f"{DRAFT}/compare"))
    assert "มีผลงานเชิงประจักษ์" in told and "เพิ่ม" in told
    assert client.get(f"{DRAFT}/edit").status_code == 404
    assert client.get(f"{DRAFT}.pdf").data.startswith(b"%PDF")


def test_a_stale_edit_is_refused_and_nothing_typed_is_lost(client: Any, drafted: Any, session: Any) -> None:
    address = f"{DRAFT}/edit/criteria/at/dd-sections"
    before = filled(client.get(address).text)
    assert client.post(address, data={**before, "amount": "6"}).status_code == 303
    stale = client.post(address, data={**before, "amount": "5"})
    assert stale.status_code == 409 and 'value="5"' in stale.text and "ก่อนท่าน" in words_of(stale)
    profile = session.query(JobProfile).filter_by(status="draft").one()
    assert profile.document["criteria"]["of"][2]["min"] == 6
    text = f"{DRAFT}/edit/duties/0"
    before = filled(client.get(text).text)
    assert client.post(text, data={**before, "name_th": "หนึ่ง"}).status_code == 303
    assert client.post(text, data={**before, "name_th": "สอง"}).status_code == 409


@pytest.mark.parametrize(
    ("address", "values", "said"),
    [
        ("add?kind=sections", {"amount": "x"}, "ตัวเลข"),
        ("add?kind=tenure", {"amount": "2"}, "มิฉะนั้นทุกคนจะผ่าน"),
        ("add?kind=tenure", {"amount": "61", "match_post": "section-head"}, "ต้องอยู่ระหว่าง 0 ถึง 60"),
        ("add?kind=tenure", {"amount": "1", "match_post": "no-such-post"}, "ไม่รู้จักรหัส “no-such-post”"),
        ("add?kind=tenure", {"amount": "1", "match_grade": "general/high"}, "ไม่มีในประเภท"),
        ("add?kind=course", {"code": "no-such-course"}, "ไม่รู้จักรหัส"),
        ("add?kind=qualification", {"code": ""}, "ต้องระบุค่านี้"),
        ("add?kind=competency", {"groups": "no-such-group"}, "ไม่รู้จักรหัส"),
        ("add?kind=works", {"amount": "1", "criterion_id": "No Good"}, "รหัสใช้ตัวอักษรอังกฤษพิมพ์เล็ก"),
        ("add?kind=works", {"amount": "1", "criterion_id": "dd-course"}, "มีเกณฑ์รหัส “dd-course” อยู่แล้ว"),
        ("add?kind=works&into=dd-course", {"amount": "1"}, "เฉพาะในกลุ่ม"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_criterion_is_said_at_its_field(
    client: Any, drafted: Any, address: str, values: dict[str, str], said: str
) -> None:
    answer = send(client, f"{DRAFT}/edit/criteria/{address}", name_th="ทดลอง", **values)
    assert answer.status_code == 422
    assert said in words_of(answer)


def test_criteria_are_nested_moved_and_removed_without_scripts(client: Any, drafted: Any, session: Any) -> None:
    at, sent = f"{DRAFT}/edit/criteria", {"csrf_token": token(client)}
    assert send(client, f"{at}/add?kind=any", name_th="กลุ่ม", name_en="Group").status_code == 303
    page = words_of(client.get(at))
    assert "กลุ่มนี้ยังไม่มีเกณฑ์" in page
    assert client.post(f"{at}/at/dd-sections/nest", data={**sent, "group": "dd-group"}).status_code == 303
    assert client.post(f"{at}/at/dd-group/nest", data={**sent, "group": "dd-group"}).status_code == 422
    assert client.post(f"{at}/at/dd-group/move", data={**sent, "to": "up"}).status_code == 303
    session.expire_all()
    tree = session.query(JobProfile).filter_by(status="draft").one().document["criteria"]
    assert [node["id"] for node in tree["of"]] == [
        "dd-standard",
        "dd-assistant-tenure",
        "dd-course",
        "dd-group",
        "dd-competency",
    ]
    assert send(client, f"{at}/at/dd-group", kind="at_least", k="2").status_code == 303
    assert "ต้องอยู่ระหว่าง 1 ถึง 1" in words_of(client.get(at))
    seen = re.search(
        r'/at/dd-group/remove".*?name="seen" value="([^"]*)"', client.get(f"{at}/at/dd-group").text, re.DOTALL
    )
    assert seen is not None
    assert client.post(f"{at}/at/dd-group/remove", data={**sent, "seen": seen[1]}).status_code == 303
    session.expire_all()
    tree = session.query(JobProfile).filter_by(status="draft").one().document["criteria"]
    assert "dd-sections" not in [node["id"] for node in tree["of"]]


def test_a_published_id_stays_and_a_new_one_may_change(client: Any, drafted: Any) -> None:
    at = f"{DRAFT}/edit/criteria"
    assert "criterion_id" not in client.get(f"{at}/at/dd-course").text
    refused = send(client, f"{at}/at/dd-course", criterion_id="dd-other")
    assert refused.status_code == 303 and "dd-other" not in client.get(at).text
    send(client, f"{at}/add?kind=works", name_th="ผลงาน", name_en="Works", amount="1")
    assert send(client, f"{at}/at/dd-works", criterion_id="dd-proven-works").location.endswith("#dd-proven-works")


def test_competencies_of_a_draft_are_expected_changed_and_refused_when_unknown(
    client: Any, drafted: Any, session: Any
) -> None:
    at = f"{DRAFT}/edit/competencies"
    answer = send(
        client, f"{at}/add", competency="counselling", expected_level="3", method_th="สังเกต", assessor_th="กรรมการ"
    )
    assert answer.status_code == 303, words_of(answer)
    assert send(client, f"{at}/add", competency="no-such-thing", expected_level="3").status_code == 422
    assert send(client, f"{at}/at/counselling", expected_level="4", method_th="").status_code == 303
    assert "ยังไม่ได้ระบุว่าวัดอย่างไร" in words_of(client.get(f"{DRAFT}/publish"))
    session.expire_all()
    row = session.query(JobProfile).filter_by(status="draft").one().document["competencies"][-1]
    assert (row["competency"], row["group"], row["expected_level"]) == ("counselling", "post-specific", 4)


def test_a_draft_is_withdrawn_and_another_can_begin(client: Any, drafted: Any) -> None:
    again = send(client, "/posts/district-director/profiles/new", reason="อีกร่าง")
    assert again.status_code == 422 and "มีร่าง" in words_of(again)
    assert send(client, f"{DRAFT}/withdraw", reason="").status_code == 422
    assert send(client, f"{DRAFT}/withdraw", reason="เลื่อนการทบทวน").status_code == 303
    assert "เลื่อนการทบทวน" in words_of(client.get("/posts/district-director/profiles"))
    assert send(client, "/posts/district-director/profiles/new", reason="อีกร่าง").location.endswith("/profiles/3/edit")


def test_readers_see_what_is_published_and_staff_see_drafts(client: Any, drafted: Any, sign_in: Any) -> None:
    for role, expected in (("officer", 404), ("executive", 404), ("institute", 200), ("auditor", 200)):
        sign_in(client, role=role)
        assert client.get(DRAFT).status_code == expected, role
        assert client.get(f"{DRAFT}.pdf").status_code == expected, role
        assert client.get(f"{DRAFT}/edit").status_code == 404
        assert ("ร่างฉบับที่ 2" in client.get("/posts/district-director").text) == (expected == 200)


def test_evidence_and_remarks_are_only_added_to(client: Any, sign_in: Any, session: Any) -> None:
    sign_in(client, role="commission")
    at = "/posts/district-director/evidence"
    send(
        client,
        f"{at}/add/interview",
        title="สัมภาษณ์",
        who="นางสาวลับ",
        part="ผู้อำนวยการเขต",
        summary="ควรเข้าใจพื้นที่",
        held_on="1/10/2569",
    )
    number = re.search(r"/evidence/(\d+)/edit", client.get(at).text.split('id="interview"')[1])
    assert number is not None
    assert send(client, f"{at}/{number[1]}/edit", summary="ควรเข้าใจพื้นที่และคน", reason="เติมให้ครบ").status_code == 303
    stale = send(client, f"{at}/{number[1]}/edit", summary="อีกแบบ", reason="สาย")
    assert stale.status_code == 409
    page = words_of(client.get(at))
    assert "ควรเข้าใจพื้นที่และคน" in page and "นางสาวลับ" in page
    answer = send(client, "/remarks/subcommittee-1/answer", status="partly", done_th="สัมภาษณ์ปลัดกรุงเทพมหานครแล้ว")
    assert answer.status_code == 303
    assert "สัมภาษณ์ปลัดกรุงเทพมหานครแล้ว" in words_of(client.get("/remarks/subcommittee-1"))
    assert "ยังไม่มีผลการสัมภาษณ์" in words_of(client.get("/remarks/subcommittee-1"))
    sign_in(client, role="officer")
    page = words_of(client.get(at))
    assert "ควรเข้าใจพื้นที่และคน" in page and "นางสาวลับ" not in page


def test_a_competency_is_changed_with_a_reason_and_published_profiles_keep_its_wording(
    client: Any, sign_in: Any, session: Any
) -> None:
    sign_in(client, role="commission")
    at = "/competencies/leadership"
    before = filled(client.get(f"{at}/edit").text)
    assert client.post(f"{at}/edit", data={**before, "definition_th": "นิยามใหม่"}).status_code == 422
    changed = {**before, "name_th": "ภาวะผู้นำใหม่", "reason": "ทบทวน"}
    assert client.post(f"{at}/edit", data=changed).status_code == 303
    assert client.post(f"{at}/edit", data=changed).status_code == 409
    assert client.post(f"{at}/edit", data={**changed, "seen": "2", "indicators_3_th": " "}).status_code == 422
    assert "ภาวะผู้นำใหม่" in words_of(client.get(at))
    assert "ภาวะผู้นำใหม่" not in words_of(client.get("/posts/district-director"))
    assert "ภาวะผู้นำใหม่" in words_of(client.get(f"{at}/versions/2"))
    assert "ภาวะผู้นำใหม่" not in words_of(client.get(f"{at}/versions/1"))


def test_more_rows_ask_no_more_questions(client: Any, drafted: Any, statements: Any) -> None:
    at = f"{DRAFT}/edit/criteria"
    with statements() as before:
        client.get(at)
    for n in range(3):
        send(client, f"{at}/add?kind=works", name_th=f"ผลงาน {n}", name_en=f"Works {n}", amount="1")
        send(client, f"{DRAFT}/edit/duties/add", name_th=f"หน้าที่ {n}")
    with statements() as after:
        client.get(at)
    assert len(after) == len(before)


def test_a_link_leads_to_a_page_of_the_product_or_a_named_address(client: Any, sign_in: Any) -> None:
    sign_in(client, role="commission")
    for link in ("javascript:alert(1)", "//elsewhere.example", "data:text/html,x"):
        answer = send(client, "/remarks/subcommittee-1/answer", status="open", done_th="ดู", link=link)
        assert answer.status_code == 422, link
