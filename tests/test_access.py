"""Every page against every role: one table, made from the routes and the permissions (promise 12, access table).

Whoever may not enter gets the page that says "not here, or not yours", byte for byte the one for what does not exist;
visitors get the sign-in page; a post without its token does nothing.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.people import account, enter_as
from webapp.accounts.access import UnclassifiedRoute, access_of, check_every_route, public
from webapp.accounts.permissions import LONELY, PERMISSIONS, ROLES, may
from webapp.app import READING

NOWHERE = "/nowhere/at/all"
NOT_YOURS = "ไม่พบหน้านี้ หรือไม่ใช่หน้าของท่าน"
ROUTES_THAT_END_THE_VISIT = {"accounts.sign_out", "accounts.end_other_sign_ins"}


def routes(app: Flask) -> list[Rule]:
    return sorted((rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"), key=lambda rule: rule.rule)


def dummy_address(rule: Rule) -> str:
    """The route's address with arguments that name nothing."""

    def dummy(match: re.Match[str]) -> str:
        kind, _, name = match[1].rpartition(":")
        if kind.startswith("any"):
            return kind.partition("(")[2].rstrip(")").split(",")[0].strip(" '\"")
        if kind.startswith("uuid"):
            return "00000000-0000-4000-8000-000000000000"
        return "999999" if kind.startswith(("int", "float")) or name.endswith("_id") else "none-such"

    return re.sub(r"<([^<>]+)>", dummy, rule.rule)


def methods(rule: Rule) -> Iterator[str]:
    for method in sorted(rule.methods or ()):
        if method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            yield method


def same(page: str, address: str) -> str:
    """The page without what is the request's own: its address in the language form, its token, its number."""
    from html import escape
    from urllib.parse import quote

    for form in {address, escape(address), quote(address, safe="/")}:
        page = page.replace(f'value="{form}"', 'value="ADDRESS"').replace(f'value="{NOWHERE}"', 'value="ADDRESS"')
    page = re.sub(r'(name="csrf_token" value=")[^"]+', r"\1TOKEN", page)
    page = re.sub(r' aria-current="page"|(?<=<summary) class="here"', "", page)
    return re.sub(r'<span class="here">[^<]*</span>', '<span class="here"></span>', page)


@pytest.fixture
def doors(app: Flask) -> dict[str, FlaskClient]:
    """A signed-in client per role, and the visitor."""
    found = {"visitor": app.test_client()}
    for role in ROLES:
        found[role] = app.test_client()
        person = account(role)
        if role == "officer":
            _make_officer(person.id)
        enter_as(found[role], person)
    for client in found.values():
        client.may_fail = True  # type: ignore[attr-defined]
    return found


def _make_officer(account_id: int) -> None:
    """Somebody in the register behind the sign-in, so that pages about oneself have somebody to be about."""
    import datetime as dt

    from webapp.database import db
    from webapp.officers.models import Officer

    db.session.add(
        Officer(
            officer_no="T-1", given_name="ทดสอบ", family_name="ระบบ", sort_key="ทดสอบ ระบบ", account_id=account_id,
            birth_date=dt.date(1980, 1, 1), entry_date=dt.date(2005, 1, 1),
        )
    )  # fmt: skip
    db.session.commit()


def is_door(answer: Any) -> bool:
    return answer.status_code == 303 and answer.location.startswith("/sign-in")


def test_every_page_opens_to_its_roles_and_to_no_other(app: Flask, doors: dict[str, FlaskClient]) -> None:
    wrong: list[str] = []
    for rule in routes(app):
        asked = access_of(app, rule.endpoint)
        if asked == ("public",) or rule.endpoint in ROUTES_THAT_END_THE_VISIT:
            continue
        address = dummy_address(rule)
        for method in methods(rule):
            for role, client in doors.items():
                answer = client.open(address, method=method)
                wrong += _wrong(rule, method, role, asked, answer, client)
    assert not wrong, "\n".join(wrong)


def _wrong(rule: Rule, method: str, role: str, asked: tuple[str, ...], answer: Any, client: FlaskClient) -> list[str]:
    place = f"{method} {rule.rule} ({rule.endpoint}) as {role}"
    if role == "visitor":
        return [] if is_door(answer) else [f"{place}: {answer.status}, not the sign-in page"]
    allowed = asked == ("signed-in",) or any(may(frozenset({role}), name) for name in asked)
    if is_door(answer):
        return [f"{place}: sent to the sign-in page"]
    if allowed:
        # What is named by dummy arguments may be absent; a plain page must be there.
        # A page about oneself is absent for whoever is not in the register.
        own = rule.rule.startswith("/my/") and role != "officer"
        plain = "<" not in rule.rule and method == "GET" and not own
        if answer.status_code >= 500 or (plain and answer.status_code == 404):
            return [f"{place}: {answer.status} although allowed"]
        return []
    if answer.status_code != 404 or NOT_YOURS not in answer.text:
        return [f"{place}: {answer.status} although not allowed"]
    if method == "GET" and same(answer.text, dummy_address(rule)) != _absent_page(client):
        return [f"{place}: forbidden and absent differ"]
    return []


def _absent_page(client: FlaskClient) -> str:
    """What the client sees where nothing is; asked once."""
    if not hasattr(client, "absent_page"):
        client.absent_page = same(client.get(NOWHERE).text, NOWHERE)  # type: ignore[attr-defined]
    return str(client.absent_page)


@pytest.mark.parametrize("kind", ["text/html", "application/json"])
def test_forbidden_and_absent_answer_alike(app: Flask, client: FlaskClient, kind: str) -> None:
    enter_as(client, account("officer"))
    forbidden = client.get("/accounts", headers={"Accept": kind})
    absent = client.get(NOWHERE, headers={"Accept": kind})
    hidden = client.get("/account/sign-ins/999999/end", headers={"Accept": kind})
    assert forbidden.status_code == absent.status_code == 404
    assert same(forbidden.text, "/accounts") == same(absent.text, "/accounts")
    assert hidden.status_code == 405
    own = {name: value for name, value in forbidden.headers.items() if name not in ("Set-Cookie", "Content-Length")}
    assert own == {
        name: value for name, value in absent.headers.items() if name not in ("Set-Cookie", "Content-Length")
    }


def test_an_object_that_is_not_theirs_answers_like_one_that_does_not_exist(app: Flask, client: FlaskClient) -> None:
    from webapp.accounts import sign_ins
    from webapp.accounts.models import SignIn
    from webapp.database import db

    other = account("officer")
    sign_ins.begin(db.session, other.id)
    db.session.commit()
    theirs = db.session.query(SignIn).filter_by(account_id=other.id).one().id
    enter_as(client, account("officer"))
    forbidden = client.post(f"/account/sign-ins/{theirs}/end")
    absent = client.post("/account/sign-ins/999999/end")
    assert forbidden.status_code == absent.status_code == 404
    assert same(forbidden.text, "/") == same(absent.text, "/")
    db.session.expire_all()
    assert db.session.get(SignIn, theirs).ended_at is None


def test_every_change_needs_the_token_of_its_session(app: Flask, doors: dict[str, FlaskClient]) -> None:
    """Whoever may post, without the token nothing is done (promise 17)."""
    accepted = []
    for rule in routes(app):
        for method in methods(rule):
            if method in READING:
                continue
            for role in ("institute", "commission", "administrator", "visitor"):
                answer = doors[role].open(dummy_address(rule), method=method, token=False)
                if answer.status_code not in (400, 404, 405):
                    accepted.append(f"{method} {rule.rule} as {role}: {answer.status}")
    assert not accepted, "\n".join(accepted)


def test_nothing_but_post_changes_anything(app: Flask) -> None:
    odd = [rule.rule for rule in routes(app) if set(rule.methods or ()) - {"GET", "HEAD", "OPTIONS", "POST"}]
    assert odd == []


# The table itself ----------------------------------------------------------------------------------------------------


def test_the_program_does_not_start_with_a_route_that_says_nothing(app: Flask) -> None:
    strange = Flask("strange")
    strange.add_url_rule("/told", endpoint="told", view_func=public(lambda: ""))
    check_every_route(strange)
    strange.add_url_rule("/untold", endpoint="untold", view_func=lambda: "")
    with pytest.raises(UnclassifiedRoute, match="untold"):
        check_every_route(strange)


def test_an_unknown_permission_is_a_mistake_at_start() -> None:
    from webapp.accounts.access import requires

    with pytest.raises(KeyError):
        requires("accounts:account:lsit")


def test_every_permission_is_held_by_somebody_and_named_by_the_rule() -> None:
    assert all(PERMISSIONS.values())
    assert all(re.fullmatch(r"[a-z-]+:[a-z-]+:[a-z-]+", name) for name in PERMISSIONS)


def test_the_auditor_changes_nothing() -> None:
    """The auditor reads everything and changes nothing (access table)."""
    verbs = {name for name, roles in PERMISSIONS.items() if "auditor" in roles}
    assert {name.rpartition(":")[2] for name in verbs - {"accounts:own:change"}} <= {
        "view", "list", "history", "list-released", "export", "verify",
    }  # fmt: skip


def test_the_administrator_sees_nothing_of_anybody_but_accounts() -> None:
    held = {name for name, roles in PERMISSIONS.items() if "administrator" in roles}
    assert {name.partition(":")[0] for name in held} <= {"accounts", "jobs", "notices", "home"}
    assert frozenset({"auditor", "administrator"}) == LONELY


def test_public_pages_are_few_and_known(app: Flask) -> None:
    open_to_all = {rule.endpoint for rule in routes(app) if access_of(app, rule.endpoint) == ("public",)}
    assert {name for name in open_to_all if not name.startswith("styleguide")} == {
        "accounts.sign_in", "accounts.sign_out", "accounts.language", "accounts.forgotten", "accounts.link_sent",
        "accounts.one_time", "health.alive", "health.ready",
    }  # fmt: skip
