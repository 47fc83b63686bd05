"""Where officers stand on paths, how long steps took and how those who came that way did: rules, then the pages."""

import datetime as dt
import io
import random
import re
from typing import Any

import numpy as np
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from webapp.careers.criteria.facts import Facts, Postings, Words
from webapp.careers.models import CareerPath
from webapp.careers.tenure import OPEN, tenure
from webapp.officers.models import Officer
from webapp.readiness import paths_queries, paths_sheets
from webapp.readiness import paths_rules as rules

TODAY = dt.date(2026, 11, 22)
WORDS = Words(
    posts=("assistant", "director", "head"), types=("knowledge", "managerial"), levels=("high", "primary", "senior"),
    units=("B01", "D01", "D02"), unit_kinds=("bureau", "district", "district"),
)  # fmt: skip
STEPS = (
    {"position_type": "knowledge", "level": "senior", "unit_kind": "district", "years": 4},
    {"post": "head", "unit_kind": "district", "years": 2},
    {"post": "assistant", "years": 2},
    {"post": "director", "years": 0},
)
GRADE = {"head": ("knowledge", "senior"), "assistant": ("managerial", "primary"), "director": ("managerial", "high")}
Spell = tuple[str, str, dt.date, dt.date | None, bool]


def facts_of(people: list[list[Spell]]) -> Facts:
    """Officers in service with these postings (post, unit, first day, last day, acting)."""
    rows = [(person, *spell) for person, spells in enumerate(people) for spell in spells]
    count = len(people)

    def column(values: Any, kind: Any = np.int64) -> Any:
        return np.array(list(values), kind)

    return Facts(
        officer_no=column((str(n) for n in range(count)), str), row=column(range(count)),
        entry=np.full(count, 1), retirement=np.full(count, OPEN), left=np.full(count, OPEN), words=WORDS,
        postings=Postings(
            person=column(r[0] for r in rows), row=column(range(len(rows))),
            post=column(WORDS.posts.index(r[1]) for r in rows),
            position_type=column(WORDS.types.index(GRADE[r[1]][0]) for r in rows),
            level=column(WORDS.levels.index(GRADE[r[1]][1]) for r in rows),
            unit=column(WORDS.units.index(r[2]) for r in rows), first=column(r[3].toordinal() for r in rows),
            last=column((r[4].toordinal() if r[4] else OPEN) for r in rows), acting=column((r[5] for r in rows), bool),
        ),
    )  # fmt: skip


def invented(seed: int, count: int = 40) -> list[list[Spell]]:
    chance = random.Random(seed)
    people = []
    for _ in range(count):
        spells: list[Spell] = []
        for _ in range(chance.randint(0, 5)):
            first = TODAY - dt.timedelta(days=chance.choice([-1, 0, 1, 200, 800, 2000, 4000]))
            last = chance.choice([None, first, first + dt.timedelta(days=chance.choice([1, 200, 799, 800, 3000]))])
            spells.append((chance.choice(WORDS.posts), chance.choice(WORDS.units), first, last, chance.random() < 0.2))
        people.append(spells)
    return people


def plainly(spells: list[Spell], step: dict[str, Any]) -> list[Spell]:
    kinds = dict(zip(WORDS.units, WORDS.unit_kinds, strict=True))
    return [
        spell
        for spell in spells
        if not spell[4]
        and spell[2] <= TODAY
        and step.get("post") in (None, spell[0])
        and step.get("position_type") in (None, GRADE[spell[0]][0])
        and step.get("level") in (None, GRADE[spell[0]][1])
        and step.get("unit_kind") in (None, kinds[spell[1]])
    ]


@pytest.mark.parametrize("seed", range(5))
def test_everybody_at_once_agrees_with_a_plain_reading_of_each(seed: int) -> None:
    people = invented(seed)
    way = rules.Ways(facts_of(people), TODAY.toordinal()).of(STEPS)
    stands = way.stands
    for person, spells in enumerate(people):
        fits = [plainly(spells, step) for step in STEPS]
        going = [any(s[3] is None or s[3] >= TODAY for s in row) for row in fits]
        assert stands[person] == max((k for k, yes in enumerate(going) if yes), default=-1)
        firsts = [min((s[2] for s in row), default=None) for row in fits]
        for k in range(len(STEPS)):
            known = [day for day in firsts[: k + 1] if day is not None]
            assert way.came[k][person] == (len(known) == k + 1 and known == sorted(known)), (person, k)


def test_the_order_of_people_and_postings_does_not_matter() -> None:
    people = invented(9)
    figures = rules.step_figures(rules.Ways(facts_of(people), TODAY.toordinal()).of(STEPS))
    other = [list(reversed(spells)) for spells in reversed(people)]
    assert rules.step_figures(rules.Ways(facts_of(other), TODAY.toordinal()).of(STEPS)) == figures


def test_who_left_or_retired_stands_nowhere() -> None:
    facts = facts_of([[("head", "D01", dt.date(2020, 1, 1), None, False)]] * 3)
    facts.left[0], facts.retirement[1] = TODAY.toordinal() - 1, TODAY.toordinal() - 1
    assert rules.Ways(facts, TODAY.toordinal()).of(STEPS).stands.tolist() == [-1, -1, 1]


@pytest.mark.parametrize("count", [4, 5])
def test_the_median_is_of_five_or_more(count: int) -> None:
    people = [
        [
            ("head", "D01", dt.date(2016, 1, 1), dt.date(2019, 12, 31), False),
            ("assistant", "D02", dt.date(2020, 1, 1), None, False),
        ]
    ] * count
    found = rules.step_figures(rules.Ways(facts_of(people), TODAY.toordinal()).of(STEPS[1:]))
    assert (found[0].went_on, found[0].years) == (count, 4.0 if count == 5 else None)
    assert (found[1].standing, found[1].came, found[1].years) == (count, count, None)


# One officer ---------------------------------------------------------------------------------------------------------


def position(spells: list[Spell], rank: int | None) -> rules.Position:
    return rules.position(STEPS, facts_of([spells]), 0, TODAY.toordinal(), ranks=[7, 7, 10, 11], rank=rank)


def test_years_left_are_those_of_the_steps_less_what_is_served() -> None:
    here = position([("head", "D01", dt.date(2025, 11, 23), None, False)], 7)
    served = tenure([(dt.date(2025, 11, 23), None)], TODAY)
    assert (here.stands, here.joins, here.steps_left) == (1, None, 2)
    assert here.days_left == (720 - served) + 720
    exact = position([("head", "D01", dt.date(2024, 11, 23), None, False)], 7)
    assert exact.served[1] == 720
    assert exact.days_left == 720


def test_whoever_stands_on_no_step_joins_at_the_first_not_below_their_level() -> None:
    assert (position([("head", "B01", dt.date(2025, 1, 1), None, False)], 7).joins) == 0
    nobody = position([], None)
    assert (nobody.stands, nobody.joins, nobody.days_left) == (None, 0, 8 * 360)
    acting = position([("assistant", "D01", dt.date(2020, 1, 1), None, True)], 10)
    assert (acting.stands, acting.joins) == (None, 2)
    assert not position([], 12).on_or_near


def test_at_the_post_nothing_is_left_and_the_shortest_way_is_the_least_time() -> None:
    there = position([("director", "D01", dt.date(2020, 1, 1), None, False)], 11)
    assert (there.arrived, there.days_left, there.steps_left) == (True, 0, 0)
    assert rules.shortest([there]) is None
    near, far = position([("assistant", "D01", dt.date(2020, 1, 1), None, False)], 10), position([], None)
    assert rules.shortest([far, near, near, there]) == 1


def test_how_those_did_who_came_that_way_by_the_first_day_of_their_course() -> None:
    before = [("head", "D01", dt.date(2015, 1, 1), dt.date(2019, 12, 31), False)]
    people = [[*before, ("assistant", "D01", dt.date(2020, 1, 1), None, False)]] * 6
    way = rules.Ways(facts_of(people), TODAY.toordinal()).of(STEPS)
    day = dt.date(2020, 1, 1).toordinal()
    yes, no = np.ones(6, bool), np.zeros(6, bool)
    trainees = rules.Trainees(
        np.arange(6), np.array([day, day, day, day, day, day - 1]), yes, np.array([1, 1, 0, 1, 1, 1], bool), yes,
        np.array([1, 0, 0, 0, 0, 1], bool), np.array([80.0, 70, 60, 75, 65, 99]),
    )  # fmt: skip
    found = rules.outcome_of_way(way, trainees)
    assert found == rules.Outcome(trainees=5, ended=5, passed=4, ranked=5, listed=1, composite=70.0)
    assert rules.outcome_of_way(rules.Ways(facts_of(people), day).of(STEPS[3:]), trainees) is None
    nobody = rules.outcome(trainees.of(no))
    assert (nobody.trainees, nobody.composite, nobody.few_ended) == (0, None, True)


# The pages -----------------------------------------------------------------------------------------------------------

THAI = re.compile("[ก-๙]")


def test_which_path_is_best_on_the_page_and_in_the_workbook(
    demo_app: Any, client: Any, sign_in: Any, session: Any, statements: Any
) -> None:
    sign_in(client, role="commission")
    page = client.get("/paths/statistics")
    assert page.status_code == 200
    assert "จัดทำขึ้นใหม่" in page.text
    assert "มาตามเส้นทางนี้: เคยดำรงตำแหน่ง" in page.text
    assert "น้อยกว่า 5 คน" in page.text
    one = paths_queries.statistics(session, TODAY)[0]
    assistants = {row.path.code: row.steps[-2].standing for row in one.paths}
    assert len(set(assistants.values())) == 1  # every path has its assistants in common
    for row in one.paths:
        cells = paths_sheets.outcome_cells(row.outcome)
        if row.outcome.few_ranked and row.outcome.ranked:
            assert cells[3] == "น้อยกว่า 5 คน"
    book = client.get("/paths/statistics.xlsx")
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(book.data))
    assert len(sheets.sheet_names) == 3
    rows = sheets.get_sheet_by_index(0).to_python()
    assert len(rows) == 1 + sum(len(path.steps) for path in session.scalars(select(CareerPath)))
    with statements() as many:
        client.get("/paths/statistics")
    for path in session.scalars(select(CareerPath).where(CareerPath.code > "DD-01")):
        path.retired_on = TODAY
    session.commit()
    with statements() as few:
        client.get("/paths/statistics")
    assert len(many) <= len(few)
    client.set_cookie("language", "en")
    main = re.sub(r"<[^>]+>", " ", re.search(r"<main.*</main>", client.get("/paths/statistics").text, re.DOTALL)[0])  # type: ignore[index]
    assert not THAI.findall(main)


def test_an_officer_sees_their_own_position_and_others_do_not(
    demo_app: Any, client: Any, sign_in: Any, session: Any
) -> None:
    from webapp.accounts.models import Account

    trainee = session.scalar(select(Account).where(Account.email == "trainee@kaona.example"))
    sign_in(client, account=trainee)
    page = client.get("/readiness/paths")
    assert "ทางที่สั้นที่สุด" in page.text
    assert "อยู่ที่ขั้นนี้" in page.text
    own = session.scalar(select(Officer).where(Officer.account_id == trainee.id))
    other = session.scalar(select(Officer.officer_no).where(Officer.id != own.id).order_by(Officer.id.desc()).limit(1))
    assert client.get(f"/officers/{own.officer_no}/paths").status_code == 200
    assert client.get(f"/officers/{other}/paths").status_code == 404
    assert client.get("/paths/statistics").status_code == 404
    assert client.get("/paths/statistics.xlsx").status_code == 404
