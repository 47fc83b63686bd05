"""The auditor's pages: found, paged, read, exported, checked."""

import csv
import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.people import account, enter_as
from webapp.audit import Actor, append, head_of
from webapp.trail import queries, words
from webapp.trail.differences import Difference, differences, flattened


@pytest.fixture
def auditor(client: FlaskClient) -> None:
    enter_as(client, account("auditor"))


@pytest.fixture
def log(session: Session, actor: Actor) -> None:
    other = Actor(kind="account", name="นางพรทิพย์ อัศวเดช", role="institute", account_id=None)
    for number in range(1, 121):
        append(
            session, other if number % 2 else actor, "accounts:account:change", "account", f"k-{number}",
            before={"name": f"เดิม {number}", "same": 1}, after={"name": f"ใหม่ {number}", "same": 1, "more": {"x": [1, 2]}},
            reason="แก้ชื่อสะกดผิด" if number == 60 else "",
        )  # fmt: skip
    append(
        session, actor, "accounts:account:create", "account", "=1+1", after={"name": "+cmd|calc"}, reason="=HYPERLINK()"
    )
    session.commit()


@pytest.mark.usefixtures("log", "auditor")
def test_the_log_is_paged_by_place_both_ways(client: FlaskClient, session: Session) -> None:
    last = head_of(session)[0]
    first = client.get("/audit").text
    assert f">{last}</a>" in first
    assert first.count("<tr data-open>") == queries.PAGE
    older = client.get(f"/audit?before={last - queries.PAGE + 1}").text
    assert f">{last - queries.PAGE}</a>" in older
    newer = client.get(f"/audit?after={last - 2 * queries.PAGE}").text
    assert f">{last - queries.PAGE}</a>" in newer
    for odd in ("-1", "x", "99999999999999999999", "0", "๑"):
        assert client.get(f"/audit?before={odd}").status_code == 200


@pytest.mark.usefixtures("log", "auditor")
@pytest.mark.parametrize(
    ("asked", "found", "hidden"),
    [
        ("key=k-77", "k-77", "k-78"), ("thing=account&key=k-77", "k-77", "k-76"), ("actor=พรทิพย์&q=k-99", "k-99", "k-98"),
        ("q=สะกดผิด", "k-60", "k-61"), ("action=accounts:account:create", "=1+1", "k-120"),
        ("since=1/1/2600", "ไม่พบรายการ", "k-120"), ("until=1/1/2560", "ไม่พบรายการ", "k-120"), ("q=%25", "ไม่พบรายการ", "k-120"),
    ],
)  # fmt: skip
def test_the_log_is_searched(any_database: str, client: FlaskClient, asked: str, found: str, hidden: str) -> None:
    page = client.get(f"/audit?{asked}").text
    assert found in page
    assert f">บัญชีผู้ใช้ {hidden}<" not in page


@pytest.mark.usefixtures("log", "auditor")
def test_a_day_that_cannot_be_read_is_said_and_kept(client: FlaskClient) -> None:
    page = client.get("/audit?since=31/2/2569")
    assert page.status_code == 200
    assert 'value="31/2/2569"' in page.text
    assert "since-error" in page.text


@pytest.mark.usefixtures("log", "auditor")
def test_the_page_asks_the_database_as_often_for_few_as_for_many(client: FlaskClient, statements: Any) -> None:
    def asked(address: str) -> int:
        with statements() as ran:
            client.get(address)
        return len(ran)

    assert asked("/audit?key=k-77") == asked("/audit")


@pytest.mark.usefixtures("log", "auditor")
def test_an_entry_shows_before_after_and_why(client: FlaskClient, session: Session) -> None:
    place = queries.entries_page(session, queries.Question(key="k-60")).entries[0].id
    page = client.get(f"/audit/{place}").text
    for words_ in ("เดิม 60", "ใหม่ 60", "แก้ชื่อสะกดผิด", "1, 2"):
        assert words_ in page
    assert client.get("/audit/999999").status_code == 404
    assert client.get("/audit/99999999999999999999").status_code == 404


@pytest.mark.usefixtures("log", "auditor")
def test_what_is_exported_is_what_is_seen_and_never_a_formula(client: FlaskClient) -> None:
    rows = list(
        csv.reader(
            io.StringIO(client.get("/audit/export.csv?action=accounts:account:create&q=1").data.decode("utf-8-sig"))
        )
    )
    assert len(rows) == 2
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    import openpyxl

    answer = client.get("/audit/export.xlsx?key=%3D1%2B1")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert sheet.max_row == 2
    cells = list(sheet[2])
    assert "=1+1" in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells} <= {"s", "n"}


@pytest.mark.usefixtures("log", "auditor")
def test_the_chain_is_checked_from_the_page(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = client.post("/audit/check")
    assert answer.status_code == 303
    assert "ครบถ้วน" in client.get(answer.location).text
    monkeypatch.setattr("webapp.trail.views.CHECKED_AT_ONCE", 10)
    answer = client.post("/audit/check")
    assert answer.location.startswith("/jobs/")
    from webapp.trail.work import verify

    made = verify({}, lambda *_: None)
    assert made.facts["ok"] is True


@pytest.mark.parametrize("role", ["administrator", "institute", "commission", "executive", "officer"])
def test_nobody_else_reads_the_log(client: FlaskClient, role: str) -> None:
    enter_as(client, account(role))
    for address in ("/audit", "/audit/1", "/audit/check", "/audit/export.csv", "/audit/export.xlsx"):
        assert client.get(address).status_code == 404


# Rules ---------------------------------------------------------------------------------------------------------------


def test_differences_name_what_was_added_removed_and_changed() -> None:
    rows = differences({"before": {"a": 1, "b": {"c": 2}, "d": 4}, "after": {"a": 2, "d": 4, "e": [5]}})
    assert rows == [
        Difference("a", 1, 2, "changed"), Difference("b.c", 2, None, "removed"), Difference("e", None, [5], "added"),
        Difference("d", 4, 4, "same"),
    ]  # fmt: skip


NESTED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.dictionaries(st.text(max_size=4), inner, max_size=3) | st.lists(inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=4), NESTED, max_size=4))
def test_nothing_differs_from_itself(document: dict[str, Any]) -> None:
    assert {row.kind for row in differences({"before": document, "after": document})} <= {"same"}
    assert all(not (isinstance(value, dict) and value) for value in flattened(document).values())


def test_a_code_nobody_named_shows_as_it_is(app: Flask) -> None:
    assert words.action("strange:beast:grow") == "strange:beast:grow"
    assert words.action("accounts:account:disable") == "บัญชีผู้ใช้: ปิด"
    assert words.thing("beast") == "beast"
    assert words.thing("CoachingSession") == words.thing("coaching_session") == "การสอนงาน"


def test_every_act_of_the_program_has_its_words(app: Flask) -> None:
    """A room that writes a new kind of entry adds its words."""
    import re
    from pathlib import Path

    import webapp
    from webapp.accounts.permissions import PERMISSIONS
    from webapp.notices.texts import TEXTS

    codes = set()
    for path in Path(webapp.__file__).parent.rglob("*.py"):
        codes |= set(re.findall(r"\"([a-z-]+:[a-z-]+:[a-z-]+)\"", path.read_text(encoding="utf-8")))
    acts = codes - set(PERMISSIONS) - set(TEXTS) - {"room:thing:verb"}
    unnamed = [code for code in sorted(acts) if words.action(code).endswith(": " + code.rpartition(":")[2])]
    assert unnamed == []
