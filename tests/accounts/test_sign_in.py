"""Signing in and out: what the cookie is worth, who waits, and what an outsider learns."""

import datetime as dt
import time
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.people import PASSWORD, account, enter_as
from webapp import clock
from webapp.accounts import rules, security, sign_ins
from webapp.accounts.models import Account, SignIn, SignInFailure
from webapp.audit import AuditEntry


def try_in(client: FlaskClient, email: str, password: str, **more: Any) -> Any:
    data = {"email": email, "password": password, **more.pop("data", {})}
    return client.post("/sign-in", data=data, **more)


def cookie_of(client: FlaskClient) -> str:
    found = client.get_cookie("kaona")
    assert found is not None
    return found.value


def with_cookie(app: Flask, value: str) -> FlaskClient:
    """Another browser holding a copied cookie."""
    other = app.test_client()
    other.set_cookie("kaona", value)
    return other


@pytest.fixture
def somebody(app: Flask) -> Account:
    return account("institute", email="somebody@example.go.th", password=PASSWORD)


def test_the_right_password_opens_the_way_to_where_one_was_going(client: FlaskClient, somebody: Account) -> None:
    gone = client.get("/account")
    assert gone.status_code == 303
    assert gone.location == "/sign-in?next=/account"
    answer = try_in(client, "  Somebody@Example.go.th ", PASSWORD, data={"next": "/account"})
    assert (answer.status_code, answer.location) == (303, "/account")
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize(
    "next_",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/a\r\nX: y",
        "\t//evil",
        "/sign-out",
        "",
    ],
)
def test_next_leads_only_to_our_own_pages(client: FlaskClient, somebody: Account, next_: str) -> None:
    answer = try_in(client, somebody.email, PASSWORD, data={"next": next_})
    assert (answer.status_code, answer.location) == (303, "/")


def test_a_wrong_password_a_wrong_name_and_a_closed_account_answer_alike(
    client: FlaskClient, somebody: Account, session: Session
) -> None:
    closed = account("officer", email="closed@example.go.th", password=PASSWORD)
    closed.active = False
    account("officer", email="invited@example.go.th")
    session.commit()
    pages = []
    for email, password in (
        (somebody.email, "not the right one"), ("nobody@example.go.th", PASSWORD), ("closed@example.go.th", PASSWORD),
        ("invited@example.go.th", PASSWORD), (somebody.email, "x" * 5000),
    ):  # fmt: skip
        answer = try_in(client, email, password)
        assert answer.status_code == 422
        text = answer.text.replace(email, "EMAIL")
        pages.append(text.split('name="csrf_token"')[0] + text.split("<main")[1].split('name="csrf_token"')[0])
    assert len(set(pages)) == 1


def test_an_unknown_name_takes_as_long_as_a_known_one(app: Flask) -> None:
    made = security.hash_password(PASSWORD)
    assert made.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert security.NOBODYS.startswith("$argon2id$v=19$m=19456,t=2,p=1$")

    def cost(hashed: str | None) -> float:
        spent = []
        for _ in range(7):
            started = time.process_time()
            security.is_right("some password here", hashed)
            spent.append(time.process_time() - started)
        return min(spent)

    known, unknown = cost(made), cost(None)
    assert 0.6 < unknown / known < 1.6


def test_the_sign_in_changes_its_secret_and_drops_what_the_visitor_had(
    app: Flask, client: FlaskClient, somebody: Account
) -> None:
    client.get("/sign-in")
    with client.session_transaction() as cookie:
        cookie["left_by_somebody"] = "x"
        before = dict(cookie)
    try_in(client, somebody.email, PASSWORD)
    with client.session_transaction() as cookie:
        assert "left_by_somebody" not in cookie
        assert cookie.get("csrf_token") != before["csrf_token"]
    first = cookie_of(client)
    try_in(client, somebody.email, PASSWORD)
    assert client.get("/account").status_code == 200
    assert with_cookie(app, first).get("/account").status_code == 303, "the earlier sign-in of this browser has ended"


def test_the_database_holds_no_secret_of_a_cookie(client: FlaskClient, somebody: Account, session: Session) -> None:
    try_in(client, somebody.email, PASSWORD)
    with client.session_transaction() as cookie:
        secret = cookie["_user_id"]
    row = session.scalars(select(SignIn)).one()
    assert row.secret_digest == sign_ins.digest(secret) != secret


def test_a_cookie_copied_before_signing_out_is_dead_afterwards(
    app: Flask, client: FlaskClient, somebody: Account
) -> None:
    enter_as(client, somebody)
    copied = cookie_of(client)
    assert with_cookie(app, copied).get("/account").status_code == 200
    answer = client.post("/sign-out")
    assert answer.status_code == 303
    assert with_cookie(app, copied).get("/account").status_code == 303


def test_a_cookie_is_dead_after_the_account_is_closed_and_roles_are_read_anew(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    from tests.people import role_named

    person = account("administrator")
    enter_as(client, person)
    assert client.get("/accounts").status_code == 200
    person.roles = [role_named("officer")]
    session.commit()
    assert client.get("/accounts").status_code == 404, "the right is withdrawn on the next request"
    person.active = False
    session.commit()
    assert client.get("/account").status_code == 303


def test_a_sign_in_ends_unused_and_ends_anyway(client: FlaskClient, somebody: Account, session: Session) -> None:
    for column, limit in (("seen_at", sign_ins.IDLE), ("started_at", sign_ins.ABSOLUTE)):
        enter_as(client, somebody)
        almost = clock.now() - limit + dt.timedelta(seconds=30)
        session.execute(update(SignIn).values(**{column: almost}))
        session.commit()
        assert client.get("/account").status_code == 200
        session.execute(update(SignIn).values(**{column: clock.now() - limit - dt.timedelta(seconds=1)}))
        session.commit()
        assert client.get("/account").status_code == 303


def test_last_use_is_written_down_at_most_once_a_minute_even_while_only_reading(
    any_database: str, client: FlaskClient, session: Session, statements: Any
) -> None:
    enter_as(client, account("officer"))

    def seen() -> dt.datetime:
        session.expire_all()
        found = session.scalars(select(SignIn)).one().seen_at
        session.rollback()
        return found

    before = seen()
    with statements() as ran:
        client.get("/account")
    assert not [line for line in ran if line.lstrip().upper().startswith("UPDATE")]
    assert seen() == before
    session.execute(update(SignIn).values(seen_at=clock.now() - dt.timedelta(minutes=2)))
    session.commit()
    with statements() as ran:
        client.get("/account")
    assert len([line for line in ran if line.lstrip().upper().startswith("UPDATE")]) == 1
    assert seen() >= before


def test_a_busy_database_does_not_keep_a_page_from_being_shown(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    import sqlite3

    enter_as(client, account("officer"))
    session.execute(update(SignIn).values(seen_at=clock.now() - dt.timedelta(minutes=2)))
    session.commit()
    writer = sqlite3.connect(app.config["DATA_DIR"] / "kaona.sqlite", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    try:
        started = time.monotonic()
        assert client.get("/account").status_code == 200
        assert time.monotonic() - started < 2
    finally:
        writer.rollback()
        writer.close()


# Guessing ------------------------------------------------------------------------------------------------------------


def fail_until_told_to_wait(client: FlaskClient, email: str, most: int = 80) -> Any:
    for _ in range(most):
        answer = try_in(client, email, "a wrong guess")
        if answer.status_code == 429:
            return answer
    raise AssertionError("nobody was told to wait")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guesses without the cost of a real hash."""
    monkeypatch.setattr(
        "webapp.accounts.entering.is_right", lambda password, hashed: bool(hashed) and password == PASSWORD
    )


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("email", ["somebody@example.go.th", "nobody@example.go.th"])
def test_guessing_one_name_is_slowed_whether_or_not_it_exists(
    any_database: str, client: FlaskClient, session: Session, email: str
) -> None:
    account("institute", email="somebody@example.go.th", password=None)
    answer = fail_until_told_to_wait(client, email)
    assert session.scalar(select(func.count(SignInFailure.id))) == rules.BY_NAME.free
    assert 0 < int(answer.headers["Retry-After"]) <= rules.BY_NAME.first
    assert "วินาที" in answer.text
    row = session.scalars(select(SignInFailure)).first()
    assert row is not None
    assert email not in row.name_digest


@pytest.mark.usefixtures("quick")
def test_the_right_password_waits_too_so_that_nothing_is_learned(client: FlaskClient, somebody: Account) -> None:
    fail_until_told_to_wait(client, somebody.email)
    assert try_in(client, somebody.email, PASSWORD).status_code == 429


@pytest.mark.usefixtures("quick")
def test_after_the_wait_the_owner_gets_in_and_the_count_starts_anew(
    client: FlaskClient, somebody: Account, session: Session
) -> None:
    fail_until_told_to_wait(client, somebody.email)
    session.execute(update(SignInFailure).values(at=clock.now() - dt.timedelta(seconds=rules.BY_NAME.longest)))
    session.commit()
    assert try_in(client, somebody.email, PASSWORD).status_code == 303
    assert session.scalar(select(func.count(SignInFailure.id))) == 0


@pytest.mark.usefixtures("quick")
def test_a_guesser_elsewhere_does_not_shut_the_owners_browser_out(
    app: Flask, client: FlaskClient, somebody: Account
) -> None:
    assert try_in(client, somebody.email, PASSWORD).status_code == 303
    client.post("/sign-out")
    stranger = app.test_client()
    fail_until_told_to_wait(stranger, somebody.email)
    assert try_in(stranger, somebody.email, PASSWORD).status_code == 429
    assert try_in(client, somebody.email, PASSWORD).status_code == 303


@pytest.mark.usefixtures("quick")
def test_a_known_browser_that_guesses_waits_too(client: FlaskClient, somebody: Account) -> None:
    assert try_in(client, somebody.email, PASSWORD).status_code == 303
    client.post("/sign-out")
    fail_until_told_to_wait(client, somebody.email, most=rules.BY_BROWSER.free + 1)


@pytest.mark.usefixtures("quick")
def test_guessing_many_names_from_one_address_is_slowed(client: FlaskClient) -> None:
    answers = [
        try_in(client, f"name-{n}@example.go.th", "a wrong guess").status_code for n in range(rules.BY_ADDRESS.free + 1)
    ]
    assert answers[-1] == 429
    assert set(answers[:-1]) == {422}


def test_a_forged_browser_cookie_is_worth_nothing(app: Flask, client: FlaskClient) -> None:
    client.set_cookie(security.KNOWN_BROWSER, '{"1":"x"}.forged', path="/sign-in")
    assert try_in(client, "a@example.go.th", "wrong").status_code == 422


# What is sent along --------------------------------------------------------------------------------------------------


def test_cookies_are_closed_to_scripts_and_other_sites(client: FlaskClient, somebody: Account) -> None:
    answer = try_in(client, somebody.email, PASSWORD)
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie


def test_in_production_cookies_travel_encrypted_only(tmp_path: Any) -> None:
    from config import Config
    from webapp.app import create_app

    app = create_app(
        Config(
            environment="production", data_dir=tmp_path, database_url=f"sqlite:///{tmp_path / 'k.sqlite'}",
            secret_key="s" * 40, audit_key="a" * 40, testing=True,
        )
    )  # fmt: skip
    assert app.config["SESSION_COOKIE_SECURE"] is True
    assert app.config["SESSION_COOKIE_NAME"] == "__Host-kaona", "browsers take it from this host alone"
    answer = app.test_client().get("/healthz")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_pages_are_not_kept_by_browsers_and_carry_the_headers(client: FlaskClient) -> None:
    headers = client.get("/sign-in").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_a_post_without_its_token_is_refused(client: FlaskClient, somebody: Account) -> None:
    assert client.post("/sign-in", data={"email": somebody.email, "password": PASSWORD}, token=False).status_code == 400
    enter_as(client, somebody)
    assert client.post("/sign-out", token=False).status_code == 400
    assert client.get("/account").status_code == 200


def test_no_token_header_or_parameter_signs_anybody_in(client: FlaskClient, somebody: Account) -> None:
    from flask import current_app

    forged = current_app.extensions["security"].remember_token_serializer.dumps(
        {"ver": "5", "uid": somebody.fs_uniquifier}
    )
    assert client.get("/account", headers={"Authentication-Token": forged}).status_code == 303
    assert client.get(f"/account?auth_token={forged}").status_code == 303


def test_signing_in_leaves_an_entry_in_the_audit_log(client: FlaskClient, somebody: Account, session: Session) -> None:
    try_in(client, somebody.email, PASSWORD)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "accounts:sign-in:begin")).one()
    assert (entry.actor_name, entry.thing_key) == (somebody.name, str(somebody.id))


def test_htmx_is_told_where_to_sign_in(client: FlaskClient) -> None:
    answer = client.get("/account", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/sign-in")
