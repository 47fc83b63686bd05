"""``kaona workforce forecast`` against a plain reading of domain page §6, person by person."""

import datetime as dt
import json

import pytest
from click.testing import CliRunner
from dateutil.relativedelta import relativedelta
from sqlalchemy import select

from tests.careers.criteria import naive
from tests.readiness import world
from webapp.careers.models import Post, Seat, Unit
from webapp.records.eligibility import rule_for
from webapp.thai import fiscal_year
from webapp.workforce.commands import forecast
from webapp.workforce.queries import forecasts
from webapp.workforce.rules import document_of

SEATS = {"district-director": 1, "assistant-district-director": 2, "section-head": 10}


def plain(people, post, rule, today, years):
    """The forecast of a target post, read off the page sentence by sentence."""
    holding = {}
    for no, p in people.items():
        for held in p["postings"]:
            if (held["post"] == post and not held["acting"] and held["first"] <= today <= (held["last"] or today)
                    and held["unit"].startswith("BMA-D") and world.serving(p, today)):  # fmt: skip
                holding.setdefault(held["unit"], set()).add(no)
    empty = sum(max(0, SEATS[post] - len(holding.get(f"BMA-D{n:02d}", ()))) for n in range(1, 51))
    holders = set().union(*holding.values()) if holding else set()
    last = {no: min(p["retires"], p["left"] or p["retires"]) for no, p in people.items()}
    ready = {no: smallest(p, post, rule, today) for no, p in people.items()}
    found = []
    for year in years:
        end = dt.date(year - 543, 9, 30)
        retiring = sum(last[no] == end for no in holders)
        counts = [sum(ready[no] == n and last[no] > end for no in people) for n in range(4)]
        found.append({"fiscal_year": year, "retiring": retiring, "vacancies": retiring + (empty if year == fiscal_year(today) else 0),
                      "ready_now": counts[0], "ready_1y": counts[1], "ready_2y": counts[2], "ready_3y": counts[3]})  # fmt: skip
    return {"post": post, "seats": 50 * SEATS[post], "years": found}


def smallest(person, post, rule, today):
    """0 for ready now, the smallest N for ready in N years, else None."""
    if (
        world.evaluated(person, post, today)
        and naive.verdict(rule.tree, person, today, rule.expected, world.EQUIVALENTS) is True
    ):
        return 0
    for n in (1, 2, 3):
        day = today + relativedelta(years=n)
        asked = [node for node in rule.tree.of if node.kind not in ("course", "competency")]
        if world.evaluated(person, post, day) and all(
            naive.verdict(node, person, day, rule.expected, world.EQUIVALENTS) is True for node in asked
        ):
            return n
    return None


@pytest.mark.parametrize("today", [world.TODAY, dt.date(2024, 2, 29), dt.date(2026, 9, 30), dt.date(2026, 10, 1)])
def test_the_forecast_is_what_the_plain_reading_gives(any_database, session, today):
    people = world.fill(session, seed=21, count=80)
    found = {post["post"]: post for post in document_of(forecasts(session, today))["posts"]}
    first = fiscal_year(today)
    for post in SEATS:
        assert found[post] == plain(people, post, rule_for(session, post), today, range(first, first + 5))


def test_one_person_in_two_seats_fills_both_and_retires_once(session):
    day, born = dt.date(2026, 1, 1), dt.date(1966, 9, 30)
    held = [{"post": "district-director", "type": "managerial", "level": "high", "unit": unit, "kind": "district",
             "first": day, "last": None, "acting": acting}
            for unit, acting in (("BMA-D01", False), ("BMA-D02", False), ("BMA-D03", True), ("BMA-B01", False))]  # fmt: skip
    ids = {model: {r.code: r.id for r in session.execute(select(model.code, model.id))} for model in (Post, Unit)}
    empty = {name: [] for name in ("delegations", "works", "qualifications", "passes", "ratings")}
    person = {"born": born, "entry": day, "left": None, "postings": held, **empty}
    import random

    world.save(session, ids, "1", person, random.Random(1))
    director = forecasts(session, world.TODAY)[0]
    assert director.post == "district-director"
    assert (director.years[0].retiring, director.years[0].vacancies) == (1, 49)


def test_other_heads_of_units_are_covered_without_bench_and_seats_can_be_set(session):
    posts = {f.post: f for f in forecasts(session, world.TODAY)}
    assert list(posts)[:3] == list(SEATS)
    assert "permanent-secretary" in posts
    assert posts["bureau-director"].seats is None
    assert posts["bureau-director"].years[0].ready is None
    bureau = session.scalar(select(Post).where(Post.code == "bureau-director"))
    session.add(
        Seat(
            post_id=bureau.id,
            unit_id=session.scalar(select(Unit.id).where(Unit.code == "BMA-B01")),
            seats=1,
            reason="ทดสอบ",
        )
    )
    session.flush()
    posts = {f.post: f for f in forecasts(session, world.TODAY)}
    assert posts["bureau-director"].seats == 1
    assert [y.vacancies for y in posts["bureau-director"].years] == [1, 0, 0, 0, 0]


def test_the_command_answers_with_one_document(app, session, monkeypatch):
    world.fill(session, seed=2, count=10)
    monkeypatch.setenv("KAONA_TODAY", "2026-02-28")
    answer = CliRunner().invoke(forecast, ["--json", "--years", "2"])
    document = json.loads(answer.stdout)
    assert [y["fiscal_year"] for y in document["posts"][0]["years"]] == [2569, 2570]
    assert set(document["posts"][0]["years"][0]) == {
        "fiscal_year", "retiring", "vacancies", "ready_now", "ready_1y", "ready_2y", "ready_3y"
    }  # fmt: skip
    answer = CliRunner().invoke(forecast, ["--json", "--from", "2571", "--years", "1"])
    assert json.loads(answer.stdout)["posts"][0]["years"][0]["fiscal_year"] == 2571
    assert "2569" in CliRunner().invoke(forecast, []).output
    assert CliRunner().invoke(forecast, ["--from", "2026"]).exit_code == 2
