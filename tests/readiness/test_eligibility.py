"""``kaona eligibility`` against a plain reading of the rules, officer by officer and criterion by criterion."""

import datetime as dt
import json

import pytest

from tests.careers.criteria import naive
from tests.readiness import world
from webapp.errors import BadInput
from webapp.readiness.answers import document_of
from webapp.readiness.commands import eligibility
from webapp.records.eligibility import changed, evaluation, rule_for

POSTS = ("district-director", "assistant-district-director", "section-head")
DAYS = (
    world.TODAY,
    world.TODAY - dt.timedelta(days=1),
    dt.date(2024, 2, 29),
    dt.date(2026, 9, 30),
    dt.date(2026, 10, 1),
)


def checked(document, node, person, day, expected):
    """One criterion's entry, compared with the plain reading, and its children."""
    assert document["id"] == node.id
    assert document["met"] is naive.verdict(node, person, day, expected, world.EQUIVALENTS)
    if not node.is_group:
        assert document["found"] == naive.leaf(node, person, day, expected, world.EQUIVALENTS)[0]
    for child, below in zip(node.of, document.get("children", []), strict=True):
        checked(below, child, person, day, expected)


@pytest.mark.parametrize("post", POSTS)
def test_everybody_is_judged_as_the_plain_reading_says(any_database, session, post):
    people = world.fill(session, seed=7)
    rule = rule_for(session, post)
    for day in DAYS:
        document = document_of(evaluation(session, rule, day))
        assert [o["officer_no"] for o in document["officers"]] == sorted(
            no for no, person in people.items() if world.evaluated(person, post, day)
        )
        for officer in document["officers"]:
            person = people[officer["officer_no"]]
            for node, entry in zip(rule.tree.of, officer["criteria"], strict=True):
                checked(entry, node, person, day, rule.expected)
            assert officer["eligible"] is all(c["met"] is True for c in officer["criteria"])
        figures(document, rule)


def figures(document, rule):
    """The summary is what counting the officers gives."""
    officers, summary = document["officers"], document["summary"]
    assert summary["evaluated"] == len(officers)
    assert summary["eligible"] == sum(o["eligible"] for o in officers)
    for n, node in enumerate(rule.tree.of):
        met = [[c["met"] is True for c in o["criteria"]] for o in officers]
        assert summary["per_criterion"][node.id] == {
            "met": sum(row[n] for row in met),
            "sole_blocker": sum(not row[n] and all(row[:n] + row[n + 1 :]) for row in met),
        }


@pytest.mark.parametrize("post", POSTS)
def test_met_on_is_the_first_day_the_plain_reading_finds(session, post):
    people = world.fill(session, seed=11, count=25)
    rule, day = rule_for(session, post), dt.date(2025, 12, 1)
    for person in people.values():
        person["retires"] = min(person["retires"], dt.date(2027, 9, 30))
    document = document_of(evaluation(session, rule, day))
    for officer in document["officers"]:
        person = people[officer["officer_no"]]
        for node, entry in zip(rule.tree.of, officer["criteria"], strict=True):
            first = naive.first_day_met(node, person, day, rule.expected, world.EQUIVALENTS)
            found = entry["met_on"] and dt.date.fromisoformat(entry["met_on"])
            assert (found if found and found < person["retires"] else None) == first


def test_a_changed_number_changes_what_it_should_and_a_nonsense_is_refused(session):
    world.fill(session, seed=3, count=40)
    rule = rule_for(session, "assistant-district-director")
    easier = changed(rule, [("add-managerial-primary", "years", "0.5"), ("add-section-head-districts", "min", "1")])
    before, after = (evaluation(session, r, world.TODAY) for r in (rule, easier))
    assert after.summary.per_criterion["add-experience"].met > before.summary.per_criterion["add-experience"].met
    assert after.summary.per_criterion["add-course"].met == before.summary.per_criterion["add-course"].met
    quick = before.what_if([("add-managerial-primary", "years", "0.5"), ("add-section-head-districts", "min", "1")])
    assert quick.summary == after.summary
    with pytest.raises(BadInput):
        changed(rule, [("add-course", "min", "1")])


@pytest.fixture
def run(app, monkeypatch):
    """The command, inside the test's application: exit code, what it printed, what it said beside that."""
    from click.testing import CliRunner

    monkeypatch.setenv("KAONA_TODAY", world.TODAY.isoformat())
    return lambda *words: CliRunner().invoke(eligibility, list(words))


def test_the_command_answers_with_one_document(app, session, run):
    people = world.fill(session, seed=5, count=12)
    answer = run("district-director", "--json", "--set", "dd-sections.min=3", "--set", "dd-assistant-tenure.years=1")
    assert answer.exit_code == 0, answer.output
    document = json.loads(answer.stdout)
    assert set(document) == {"post", "profile_version", "as_of", "officers", "summary"}
    assert (document["post"], document["profile_version"], document["as_of"]) == ("district-director", 1, "2026-02-28")
    for officer in document["officers"]:
        assert [c["id"] for c in officer["criteria"]] == [
            "dd-standard",
            "dd-assistant-tenure",
            "dd-sections",
            "dd-course",
            "dd-competency",
        ]
        assert officer["criteria"][2]["required"] == 3
        assert officer["criteria"][1]["required"] == 360
        alone = json.loads(run("district-director", "--json", "--officer", officer["officer_no"], "--set", "dd-sections.min=3",
                               "--set", "dd-assistant-tenure.years=1").stdout)  # fmt: skip
        assert alone["officers"] == [officer]
    gone = next(no for no, person in people.items() if not world.evaluated(person, "district-director", world.TODAY))
    answer = run("district-director", "--json", "--officer", gone)
    assert json.loads(answer.stdout)["officers"] == []
    assert gone in answer.stderr


def test_the_command_says_the_summary_in_words(app, session, run):
    world.fill(session, seed=5, count=12)
    assert "พิจารณา" in run("section-head").output


@pytest.mark.parametrize(
    "words",
    [
        ("king",), ("district-director", "--profile-version", "9"), ("district-director", "--officer", "0"), ("inspector",),
        ("district-director", "--as-of", "soon"), ("district-director", "--set", "dd-sections=5"), ("district-director", "--set", "x.min=5"),
        ("district-director", "--set", "dd-sections.years=5"), ("district-director", "--set", "dd-sections.min=five"),
        ("district-director", "--set", "dd-course.min=5"), ("district-director", "--set", "dd-sections.min=-1"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_with_a_sentence(app, run, words):
    answer = run(*words)
    assert isinstance(answer.exception, BadInput)
    assert "%" not in str(answer.exception)
