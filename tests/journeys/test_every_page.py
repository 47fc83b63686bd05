"""Every page that a role's links reach: nothing for axe to find in Thai at a desk and in English on a phone, nothing wider
than a phone, nothing the browser complains about, no Thai left over in English, no codes where words belong."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import JSON, String, select, type_coerce
from sqlalchemy.types import Enum

from tests.browser import AXE, RULES
from tests.journeys.conftest import NARROW, House
from tests.journeys.crawling import PEOPLE, Found, crawl
from tests.people import enter_as
from webapp.accounts.models import Account
from webapp.database import Base, db

pytestmark = pytest.mark.browser

THAI = re.compile(r"[\u0e00-\u0e7f](?:[\u0e00-\u0e7f\s\d./()“”\"-]*[\u0e00-\u0e7f])?")
TEXTS = """() => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const holder = walk.currentNode.parentElement;
    if (holder.closest('script, style, code, textarea, [lang="th"], .typed, [data-typed]')) continue;
    const words = walk.currentNode.data.replace(/\\s+/g, ' ').trim();
    if (words) found.push(words);
  }
  document.querySelectorAll('[aria-label], [placeholder], [alt], [title]').forEach(one => {
    for (const name of ['aria-label', 'placeholder', 'alt', 'title'])
      if (one.getAttribute(name)) found.push(one.getAttribute(name).trim());
  });
  return found;
}"""
WORDS = {"post-specific"}
"""Codes that are the very words an English reader expects."""
CODES = {
    "code", "status", "kind", "level", "position_type", "component", "purpose", "part", "source", "result", "method",
    "group",
}  # fmt: skip
WIDTH = "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"


@pytest.fixture(scope="module")
def reached(the_house: House) -> dict[str, tuple[list[Found], list[str]]]:
    """What each role reaches, and what was broken on the way."""
    found = {}
    for role, who in PEOPLE.items():
        with the_house.app.app_context():
            client = the_house.app.test_client()
            account = db.session.scalars(select(Account).where(Account.email == f"{who}@kaona.example")).one()
            enter_as(client, account)
            found[role] = crawl(the_house.app, client, role)
    return found


@pytest.fixture(scope="module")
def fullest(reached: dict[str, tuple[list[Found], list[str]]]) -> dict[str, list[Found]]:
    """Per role, the pages to look at: of each route the fullest example that any role reaches, each once."""
    best: dict[str, Found] = {}
    for pages, _broken in reached.values():
        for page in pages:
            if page.endpoint not in best or page.length > best[page.endpoint].length:
                best[page.endpoint] = page
    return {role: [page for page in best.values() if page.role == role] for role in PEOPLE}


def test_no_link_leads_nowhere(reached: dict[str, tuple[list[Found], list[str]]]) -> None:
    broken = [line for _pages, lines in reached.values() for line in lines]
    assert not broken, "\n".join(broken)


def test_every_role_reaches_its_part(reached: dict[str, tuple[list[Found], list[str]]]) -> None:
    """The crawl is worth something: it finds the pages that matter, by links alone."""
    expected = {
        "officer": {"home.index", "coaching.session", "projects.assignment", "records.own", "careers.posts"},
        "mentor": {"home.index", "coaching.record_session", "officers.officer", "records.record"},
        "institute": {
            "home.index", "courses.take_attendance", "assessments.sheet", "assessments.release", "shortlist.ranking",
            "admissions.overview", "admissions.applicant", "admissions.selection", "admissions.seats_of", "admissions.call",
            "shortlist.draw_up", "shortlist.run", "imports.new", "records.record", "coaching.pairings",
        },
        "commission": {
            "home.index", "imports.new", "shortlist.run", "careers.posts", "careers.post", "careers.paths",
            "careers.competencies", "careers.competency", "careers.units", "careers.courses", "careers.course",
            "careers.add_course", "careers.change_course", "careers.accept_equivalent", "careers.withdraw_equivalent",
        },
        "assessor": {"home.index", "assessments.marking", "assessments.panel_work"},
        "executive": {"home.index", "shortlist.run", "officers.officer"},
        "auditor": {"home.index", "trail.entries", "trail.check", "accounts.accounts"},
        "applicant": {"admissions.mine", "admissions.own", "admissions.apply", "admissions.result"},
        "administrator": {"home.index", "accounts.account", "accounts.invitations"},
    }  # fmt: skip
    for role, endpoints in expected.items():
        missing = endpoints - {page.endpoint for page in reached[role][0]}
        assert not missing, f"{role} does not reach {missing}"


@pytest.mark.parametrize("role", PEOPLE)
def test_pages_in_thai_at_a_desk(house: House, fullest: dict[str, list[Found]], role: str) -> None:
    page = house.page(PEOPLE[role])
    wrong: list[str] = []
    for found in fullest[role]:
        page.goto(found.address)
        wrong += [f"{found.endpoint} {found.address}: {problem}" for problem in _axe(page)]
        wrong += [
            f"{found.endpoint} {found.address}: code {code!r}" for code in _codes(house.app, page.evaluate(TEXTS), "th")
        ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", PEOPLE)
def test_pages_in_english_on_a_phone(house: House, fullest: dict[str, list[Found]], role: str) -> None:
    page = house.page(PEOPLE[role], phone=True, language="en")
    stored = _stored(house.app)
    wrong: list[str] = []
    for found in fullest[role]:
        page.goto(found.address)
        wide, fits = page.evaluate(WIDTH)
        if wide > fits:
            wrong.append(f"{found.endpoint} {found.address}: {wide} px wide on a phone of {NARROW['width']}")
        wrong += [f"{found.endpoint} {found.address}: {problem}" for problem in _axe(page, colors=False)]
        texts = page.evaluate(TEXTS)
        wrong += [f"{found.endpoint} {found.address}: Thai {words!r}" for words in _thai_left(texts, stored)]
        wrong += [f"{found.endpoint} {found.address}: code {code!r}" for code in _codes(house.app, texts, "en")]
    assert not wrong, "\n".join(wrong)


def test_the_checks_would_find_something(house: House) -> None:
    """A label in Thai on an English page, a code, a picture without words, a line too wide: each is found."""
    page = house.page("staff", phone=True, language="en")
    page.goto("/cohorts")
    page.evaluate("""() => {
      document.querySelector('main').insertAdjacentHTML('beforeend',
        '<p>ปุ่มที่ลืมแปลจริงๆ</p><p>district-director</p><img>');
      document.querySelector('main').style.minWidth = '900px';
    }""")
    texts = page.evaluate(TEXTS)
    assert _thai_left(texts, _stored(house.app)) == ["ปุ่มที่ลืมแปลจริงๆ"]
    assert _codes(house.app, texts, "en") == ["district-director"]
    assert any("image-alt" in problem for problem in _axe(page))
    wide, fits = page.evaluate(WIDTH)
    assert wide > fits


def _axe(page: Any, *, colors: bool = True) -> list[str]:
    """What axe-core finds. Colors are the same at every width and by far the slowest to look at: once is enough."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "([rules, colors]) => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations'],"
        " rules: {'color-contrast': {enabled: colors}}})",
        [RULES, colors],
    )
    return [
        f"{problem['id']}: {problem['help']}: {node['target']} {node['html'][:140]}"
        for problem in found["violations"]
        for node in problem["nodes"][:3]
    ]


# Words that belong to the data, and words that belong to the product


@lru_cache(maxsize=1)  # nothing is written while the pages are looked at
def _stored(app: Flask) -> str:
    """Every Thai text in the database; names that also have an English form are left out, for pages show that instead."""
    texts: list[str] = []
    with app.app_context():
        for table in Base.metadata.sorted_tables:
            names = [column.name for column in table.columns if _is_text(column.type)]
            if "name_en" in names and table.name != "officer":
                names.remove("name_th")
            if not names:
                continue
            for row in db.session.execute(select(*(type_coerce(table.c[name], String) for name in names))):
                texts += [str(value) for value in row if value]
        texts += _names_of_people(app)
        db.session.rollback()
    return re.sub(r"\s+", " ", "\n".join(dict.fromkeys(texts)))


def _is_text(kind: Any) -> bool:
    return isinstance(kind, String | JSON) or ("Json" in type(kind).__name__ and not isinstance(kind, Enum))


def _names_of_people(_app: Flask) -> Iterator[str]:
    from webapp.officers.models import Officer

    for officer in db.session.scalars(select(Officer)):
        yield officer.name_th
        yield f"{officer.given_name} {officer.family_name}"


def _thai_left(texts: list[str], stored: str) -> list[str]:
    """Thai on the page that is not in the data: words of the product that nobody translated."""
    found = [run.group().strip() for words in texts for run in THAI.finditer(words)]
    return [run for run in dict.fromkeys(found) if run not in stored]


def _codes(app: Flask, texts: list[str], language: str) -> list[str]:
    """Codes of the program shown where words belong. In English, a code that is also a word is none."""
    codes = _known_codes(app)
    shown = (
        word for words in texts for word in re.findall(r"(?<![\w@./:-])[a-z][a-z]*(?:[-_:][a-z]+)*(?![\w@./:])", words)
    )
    return [word for word in dict.fromkeys(shown) if word in codes and (language == "th" or re.search("[-_:]", word))]


@lru_cache(maxsize=1)
def _known_codes(app: Flask) -> set[str]:
    from webapp.accounts.permissions import PERMISSIONS, ROLES

    with app.app_context():
        codes: set[str] = set(ROLES) | set(PERMISSIONS)
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if column.name in CODES and _is_text(column.type):
                    codes |= {str(value) for value in db.session.scalars(select(column).distinct()) if value}
        db.session.rollback()
    return {code for code in codes if re.fullmatch(r"[a-z][a-z_:-]*[a-z]", code)} - WORDS
