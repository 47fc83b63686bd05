"""No input gives a 500 (promise 17): row numbers that cannot be, the character NUL, texts longer than their columns."""

import io
import re
from typing import Any

import pytest
from flask import Flask

from tests.assessments.conftest import cohort  # noqa: F401  (a fixture)

HUGE = "9" * 25
EVERY_ROLE = ("officer", "mentor", "assessor", "institute", "commission", "executive")


def addresses(app: Flask, number: str, word: str) -> list[tuple[str, str]]:
    """(method, address) of every route, with this in its holes."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in ("static", "accounts.sign_out"):
            continue
        one_of = re.sub(r"<any\(['\"]?([\w-]+)[^>]*>", r"\1", rule.rule)
        address = re.sub(r"<[^>]+>", word, re.sub(r"<int:[^>]+>", number, one_of))
        found += [(method, address) for method in ("GET", "POST") if method in (rule.methods or ())]
    return found


@pytest.mark.parametrize("number", [HUGE, str(2**31)])
def test_numbers_that_no_row_has_are_not_there(app: Flask, client: Any, sign_in: Any, number: str) -> None:
    sign_in(client, roles=EVERY_ROLE)
    for method, address in addresses(app, number, "x"):
        if number in address:
            answer = client.open(address, method=method)
            # 405 where two routes share the address and neither takes the number: the router looks at methods first.
            assert answer.status_code in (404, 405), (method, address, answer.status)


def test_the_character_nul_is_refused_everywhere(any_database: str, app: Flask, client: Any, sign_in: Any) -> None:
    sign_in(client, roles=EVERY_ROLE)
    for method, address in addresses(app, "1", "a%00b"):
        if "%00" in address:
            assert client.open(address, method=method).status_code == 404, address
    refused = client.get("/officers?q=a%00b")
    assert refused.status_code == 400
    assert "อักขระที่บันทึกไม่ได้" in refused.text
    assert client.post("/cohorts/new", data={"code": "a\0b"}).status_code == 400


def test_a_version_that_is_no_number_is_a_stale_form(client: Any, sign_in: Any, cohort: Any) -> None:  # noqa: F811
    sign_in(client, role="institute")
    for version in ("x", HUGE, "²", "9" * 5000):
        answer = client.submit("/cohorts/DD-1/edit", {"name_th": "รุ่นอื่น", "version": version})
        assert answer.status_code in (409, 422), version


def test_a_text_longer_than_its_column_is_refused(any_database: str, client: Any, sign_in: Any, cohort: Any) -> None:  # noqa: F811
    sign_in(client, role="institute")
    long = {"officer_no": "x" * 5000, "key": "k" * 5000, "member": "ก" * 5000, "score": "1" * 5000, "seen": HUGE}
    for address in ("/cohorts/DD-1/scores/exam", "/cohorts/DD-1/scores/exam/panel", "/cohorts/DD-1/scorecards"):
        client.post(address, data=long)
    client.post("/imports/new", data={**long, "kind": "scores", "file": (io.BytesIO(b"a,b"), "ก" * 5000 + ".csv")})
    client.post("/imports/new", data=b"no boundary", content_type="multipart/form-data")


def test_a_page_number_beyond_the_database_is_an_empty_page(client: Any, sign_in: Any) -> None:
    sign_in(client, role="institute")
    assert client.get(f"/jobs?page={HUGE}").status_code == 200
