"""From a cohort's file and a stranger's roster workbook to the ranking: the figures of an independent calculation."""

import json
import random
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.independent import Invented
from webapp.assessments.cohort_file import read_cohort_file
from webapp.assessments.cohort_loading import load_cohort
from webapp.courses import queries
from webapp.imports import reports
from webapp.imports.operations import apply_checked, check_file
from webapp.shortlist.operations import draw_up, rank_cohort
from webapp.shortlist.verification import differences


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setenv("KAONA_TODAY", "2026-07-15")


def bring_in(session, actor, content):
    checked = check_file(session, actor, "roster", content, file_name="roster.xlsx")
    if checked.fit:
        apply_checked(session, actor, checked)
        session.commit()
    return checked


def ranking_after(session, actor, invented):
    load_cohort(session, actor, read_cohort_file(invented.cohort_file()))
    session.commit()
    checked = bring_in(session, actor, invented.workbook())
    assert checked.fit, list(checked.problems)[:3]
    return rank_cohort(session, queries.cohort_by_code(session, "C-1"))


def compared(document):
    names = ("rank", "officer_no", "composite", "components", "shortlisted", "tied_at_line")
    entries = [{name: entry[name] for name in names} for entry in document["entries"]]
    return entries, sorted(row["officer_no"] for row in document["unranked"])


@pytest.mark.parametrize("seed", range(12))
def test_any_roster_gives_the_figures_of_an_independent_calculation(session, actor, seed):
    invented = Invented(seed)
    assert compared(ranking_after(session, actor, invented)) == invented.expected()


@pytest.mark.parametrize("seed", [3, 8])
def test_the_same_figures_on_both_databases_and_nothing_changes_the_second_time(any_database, session, actor, seed):
    invented = Invented(seed)
    document = ranking_after(session, actor, invented)
    assert compared(document) == invented.expected()
    again = bring_in(session, actor, invented.workbook())
    assert again.changes_nothing
    cohort = queries.cohort_by_code(session, "C-1")
    run = draw_up(session, actor=actor, cohort=cohort)
    session.commit()
    assert json.loads(run.result)["entries"] == document["entries"]
    assert differences(session, run) == []


@pytest.mark.parametrize("seed", range(8))
def test_one_wrong_cell_rejects_the_whole_workbook_and_is_named(session, actor, seed):
    invented, chance = Invented(seed), random.Random(seed)
    load_cohort(session, actor, read_cohort_file(invented.cohort_file()))
    session.commit()
    book = load_workbook(BytesIO(invented.workbook()))
    wrong = {
        "officers": ("birth_date", "31/2/2515"), "enrollments": ("cohort_code", "C-9"), "attendance": ("present", "7"),
        "coaching": ("minutes", -5), "scores": ("score", 100000), "postings": ("level", "emperor"),
    }  # fmt: skip
    name = chance.choice([sheet for sheet in book.sheetnames if book[sheet].max_row > 1])
    column, value = wrong[name]
    heads = [cell.value for cell in book[name][1]]
    row = chance.randint(2, book[name].max_row)
    book[name].cell(row, heads.index(column) + 1).value = value
    out = BytesIO()
    book.save(out)
    checked = bring_in(session, actor, out.getvalue())
    assert not checked.fit
    errors = reports.as_json(checked, str)["errors"]
    # (A wrong enrollment also leaves that officer's own attendance and marks without one: those follow it.)
    assert (errors[0]["sheet"], errors[0]["row"], errors[0]["column"]) == (name, row, column)
    assert len(errors) == 1 or name == "enrollments"
    assert str(value) in str(errors[0]["value"])
    assert errors[0]["reason"]
    assert queries.people_in(session, queries.cohort_by_code(session, "C-1")) == []
