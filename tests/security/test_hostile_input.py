"""No input gives a 500 (promise 17): row numbers that cannot be, the character NUL, texts longer than their columns."""

import re
from typing import Any

import pytest
from flask import Flask

HUGE = "9" * 25
EVERY_ROLE = ("officer", "mentor", "assessor", "institute", "commission", "executive")


def addresses(app: Flask, number: str, word: str) -> list[tuple[str, str]]:
    """(method, address) of every route, with this in its holes."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in ("static", "accounts.sign_out"):
            continue
        address = re.sub(r"<[^>]+>", word, re.sub(r"<int:[^>]+>", number, rule.rule))
        found += [(method, address) for method in ("GET", "POST") if method in (rule.methods or ())]
    return found


@pytest.mark.parametrize("number", [HUGE, str(2**31)])
def test_numbers_that_no_row_has_are_not_there(app: Flask, client: Any, sign_in: Any, number: str) -> None:
    sign_in(client, roles=EVERY_ROLE)
    for method, address in addresses(app, number, "x"):
        if number in address:
            answer = client.open(address, method=method)
            assert answer.status_code == 404, (method, address, answer.status)


def test_the_character_nul_is_refused_everywhere(any_database: str, app: Flask, client: Any, sign_in: Any) -> None:
    sign_in(client, roles=EVERY_ROLE)
    for method, address in addresses(app, "1", "a%00b"):
        if "%00" in address:
            assert client.open(address, method=method).status_code == 404, address
    assert client.get("/officers?q=a%00b").status_code == 400
    assert client.post("/cohorts/new", data={"code": "a\0b"}).status_code == 400


def test_a_page_number_beyond_the_database_is_an_empty_page(client: Any, sign_in: Any) -> None:
    sign_in(client, role="institute")
    assert client.get(f"/jobs?page={HUGE}").status_code == 200
