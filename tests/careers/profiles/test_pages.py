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
        if name is None or ('type="checkbox"' in tag or 'type="radio"' in tag) and " checked" not in tag:
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
    return re.search(r'name="csrf_token"[^>]*value="([^"]*)"', client.get("/posts/district-director/profiles/new").text)[1]  # type: ignore[index]


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


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_page_of_a_draft_reads_in_both_languages(client: Any, drafted: Any, language: str) -> None:
    client.set_cookie("language", language)
    wrong = []
    for page in PAGES:
        answer = client.get(DRAFT + page)
        told = words_of(answer)
        told = told.replace("ทบทวนจำนวนฝ่าย", "").replace(drafted.name, "")
        if answer.status_code != 200:
            wrong.append(f"{page}: {answer.status}")
    assert not wrong
