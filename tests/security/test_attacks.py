"""What was not attacked before: questions full of garbage, double keys, foreign hosts, caches, sniffing, paths, bombs."""

# ruff: noqa: F811  (fixtures of another room, taken by name)

import io
import json
import re
import zipfile
from typing import Any

import openpyxl
from flask import Flask
from sqlalchemy import select

from tests.assessments.conftest import cohort, trainees  # noqa: F401
from webapp.accounts.access import access_of
from webapp.audit import Actor
from webapp.files.models import StoredFile
from webapp.files.operations import clean_name, store
from webapp.officers.models import Officer

EVERY_ROLE = ("officer", "mentor", "assessor", "institute", "commission", "executive")
GARBAGE = (
    "?sort=password&down=x&page=99999999999999999999&columns=x&columns=&filter=%27--",
    "?sort=-&page=-5&q=%25_%5C%27%22%3Cscript%3E&status=x&kind=y&stage=z&unit=%00"[:-3],
    "?page=1e9&page=%E0%B9%91&sort[]=name&state=acknowledged%27%20or%201=1&cohort=../../x&view=all&purpose=x&version=x",
    "?version=99999999999999999999&who=-1&show=x&as_of=2569-99-99&from=-1&years=9999999&size=-1&kind=exe",
)
HOSTILE = (
    '=HYPERLINK("http://evil.example","x")',
    "+1+cmd|' /C calc'!A0",
    "@SUM(1)",
    "\t=1",
    "<script>alert(1)</script>",
)


def plain_pages(app: Flask) -> list[str]:
    """Every page that opens by GET without naming anything, besides those of the demonstration style guide."""
    return [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and "<" not in rule.rule and rule.endpoint != "static"
    ]


def test_garbage_in_questions_is_no_error_on_any_page(
    app: Flask, client: Any, sign_in: Any, cohort: Any, trainees: Any
) -> None:  # fmt: skip
    sign_in(client, roles=EVERY_ROLE)
    pages = plain_pages(app)
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and re.findall(r"<([^>]+)>", rule.rule) == ["code"]:
            pages.append(rule.rule.replace("<code>", "DD-1"))
    assert len(pages) > 40
    for page in pages:
        for garbage in GARBAGE:
            assert client.get(page + garbage).status_code < 500, page


def test_words_that_no_row_has_are_not_there_or_not_taken(app: Flask, client: Any, sign_in: Any, cohort: Any) -> None:
    sign_in(client, roles=EVERY_ROLE)
    words = ("..%2F..%2Fetc%2Fpasswd", "%F0%9F%92%A9" + "a" * 3000, "%ED%A0%80%3Cscript%3E%0d%0aX-Evil:1")
    for rule in app.url_map.iter_rules():
        if "<" not in rule.rule or rule.endpoint == "static" or access_of(app, rule.endpoint) == ("public",):
            continue
        for word in words:
            address = re.sub(r"<[^>]+>", word, re.sub(r"<int:[^>]+>", "1", rule.rule))
            for method in ("GET", "POST"):
                if method in (rule.methods or ()):
                    answer = client.open(address, method=method)
                    assert "X-Evil" not in answer.headers, address
                    answer.close()


def test_forms_full_of_garbage_are_refused_and_never_an_error(
    app: Flask, client: Any, sign_in: Any, cohort: Any, trainees: Any
) -> None:
    sign_in(client, roles=EVERY_ROLE)
    names = ("name", "name_th", "title", "reason", "code", "key", "version", "seen", "member", "score", "officer_no", "page",
             "email", "roles", "size", "starts_on", "held_on", "hours", "minutes", "enrollment", "mentor", "account", "recuse",
             "rating", "competency", "rated_on", "method", "who", "kind", "chosen", "text", "topic", "day", "weight")  # fmt: skip
    values = ("x" * 5000, "9" * 30, "31/02/2569")
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()) or access_of(app, rule.endpoint) == ("public",):
            continue
        address = re.sub(r"<[^>]+>", "DD-1", re.sub(r"<int:[^>]+>", "1", rule.rule)).replace("<component>", "exam")
        for value in values:
            client.post(address, data=dict.fromkeys(names, value))


def test_personal_pages_are_kept_by_no_cache_and_sniffed_by_nobody(
    client: Any, sign_in: Any, cohort: Any, trainees: Any
) -> None:
    sign_in(client, role="institute")
    for page in (
        "/",
        "/account",
        "/officers/T1",
        "/cohorts/DD-1/people",
        "/cohorts/DD-1/people.xlsx",
        "/officers/T1/record/file?kind=json",
    ):
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert answer.headers["Cache-Control"] == "no-store", page
        assert answer.headers["X-Content-Type-Options"] == "nosniff", page
        assert "default-src" in answer.headers["Content-Security-Policy"], page


def test_a_foreign_host_name_gets_into_no_address(client: Any, sign_in: Any, cohort: Any) -> None:
    evil = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher"}
    answer = client.get("/cohorts", headers=evil)
    assert "evil" not in answer.location
    sign_in(client, role="institute")
    answer = client.get("/cohorts/DD-1", headers=evil)
    assert "evil.example" not in answer.get_data(as_text=True)


def test_file_names_lead_nowhere_and_say_nothing_to_a_header(app: Flask, session: Any) -> None:
    names = (
        "../../etc/passwd",
        "..\\..\\x.exe",
        "a\r\nSet-Cookie: x=1.pdf",
        "\u202egpj.exe",
        "con.txt",
        "." * 300,
        "",
        "/",
        "ก" * 400 + ".pdf",
    )
    for name in names:
        clean = clean_name(name)
        assert clean and len(clean) <= 200 and not set(clean) & set('/\\\r\n\u202e"<>'), name
        assert clean not in (".", "..")
    row = store(session, Actor(kind="operator", name="x", role="operator"), "../../x\r\n.txt", b"text")
    assert isinstance(row, StoredFile) and row.name == "x.txt"


def test_a_script_handed_in_as_a_picture_is_what_it_is(app: Flask, session: Any) -> None:
    from webapp.files.operations import media_type_of

    assert media_type_of(b"<html><script>alert(1)</script>") == "text/plain"
    assert media_type_of(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>") == "text/plain"
    assert media_type_of(b"MZ\x90\x00") == "application/octet-stream"


def test_a_bomb_is_refused_before_it_is_unpacked(client: Any, sign_in: Any) -> None:
    sign_in(client, role="institute")
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("xl/workbook.xml", "<workbook/>")
        made.writestr("xl/worksheets/sheet1.xml", b"0" * 130_000_000)
    data = {"kind": "scores", "key": "bomb", "file": (io.BytesIO(bomb.getvalue()), "x.xlsx")}
    answer = client.post("/imports/new", data=data)
    assert answer.status_code in (303, 422)
    if answer.status_code == 303:
        assert "ไม่รับ" in client.get(answer.location).text or "ไม่มีการบันทึก" in client.get(answer.location).text


def test_typed_formulas_and_markup_come_out_of_every_export_as_they_were_typed(
    client: Any, sign_in: Any, session: Any, cohort: Any, trainees: Any
) -> None:  # fmt: skip
    person = session.get(Officer, trainees[0].officer_id)
    person.given_name, person.family_name = HOSTILE[0], HOSTILE[4]
    cohort.name_th = HOSTILE[1]
    session.commit()
    sign_in(client, role="institute")
    for address in ("/officers.xlsx", "/cohorts/DD-1/people.xlsx", "/officers/T1/record/file?kind=xlsx", "/cohorts/DD-1/attendance.xlsx",
                    "/cohorts/DD-1/ranking.xlsx"):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == 200, address
        book = openpyxl.load_workbook(io.BytesIO(answer.data))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.data_type == "f"], address
        assert not [cell for cell in cells if cell.hyperlink and "evil" in str(cell.hyperlink.target)], address
        assert any(HOSTILE[0] in str(cell.value) for cell in cells), address
    document = json.loads(client.get("/officers/T1/record/file?kind=json").text)
    assert HOSTILE[0] in json.dumps(document, ensure_ascii=False).replace('\\"', '"')
    assert client.get("/officers/T1/record/file?kind=pdf").data.startswith(b"%PDF")
    page = client.get("/officers/T1").text
    assert "<script>alert(1)" not in page and "&lt;script&gt;" in page


def test_half_a_character_never_breaks_an_export() -> None:
    from webapp import clock
    from webapp.spreadsheets.listing import listing

    content = listing(
        "ก\ud800", ["x\udfff"], [["a\ud800b", "\0", "x" * 40_000, None]], created=clock.now(), language="th", footer="ก"
    )
    assert openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]["A1"].value is not None


def test_a_key_sent_twice_with_other_content_is_refused_in_words(
    client: Any, sign_in: Any, session: Any, cohort: Any, trainees: Any
) -> None:
    sign_in(client, role="institute")
    sheet = "/cohorts/DD-1/scores/exam"
    assert client.post(sheet, data={"key": "same", f"mark-{trainees[0].id}-0": "70"}).status_code == 303
    answer = client.post(sheet, data={"key": "same", f"mark-{trainees[0].id}-0": "71"})
    assert answer.status_code in (409, 422)
    file = {"kind": "scores", "key": "same", "file": (io.BytesIO(b"a,b\n1,2\n"), "a.csv")}
    assert client.post("/imports/new", data=file).status_code == 303
    file = {"kind": "scores", "key": "same", "file": (io.BytesIO(b"a,b\n3,4\n"), "a.csv")}
    assert client.post("/imports/new", data=file).status_code == 422
    assert session.scalar(select(StoredFile.id)) is not None
