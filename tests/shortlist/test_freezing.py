"""Freezing a run and verifying it: what was frozen gives the same bytes, and whatever was touched shows."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.shortlist import world
from webapp.audit import Actor
from webapp.errors import RuleBroken
from webapp.shortlist import operations
from webapp.shortlist.commands import document
from webapp.shortlist.freezing import digest, frozen, result_of, thawed
from webapp.shortlist.verification import differences
from webapp.shortlist.views import frozen_table

GOLDEN = Path(__file__).parent.parent / "golden" / "shortlist_of_eight.json"


def drawn_up(session, actor, cohort):
    run = operations.draw_up(session, actor=actor, cohort=cohort)
    session.commit()
    return run


def test_the_ranking_table_is_the_golden_one(session, cohort):
    inputs = operations.inputs_of(session, cohort)
    shown = document(result_of(inputs), inputs, run=None)
    assert json.dumps(shown, ensure_ascii=False, indent=1) + "\n" == GOLDEN.read_text(encoding="utf-8")


def test_a_run_freezes_the_bytes_that_its_inputs_give_again(session, actor, cohort, any_database):
    run = drawn_up(session, actor, cohort)
    assert frozen(thawed(run.inputs)) == run.inputs
    assert frozen(result_of(thawed(run.inputs))) == run.result
    assert (digest(run.inputs), digest(run.result)) == (run.inputs_digest, run.result_digest)
    assert differences(session, run) == []


def test_what_changes_afterwards_does_not_touch_the_run(session, actor, cohort):
    run = drawn_up(session, actor, cohort)
    session.execute(text("update attendance set hours = 0"))
    session.execute(text("update officer set given_name = 'เปลี่ยน'"))
    session.commit()
    assert differences(session, run) == []


@pytest.mark.parametrize("column", ["inputs", "result", "inputs_digest", "result_digest"])
def test_one_changed_letter_shows(session, actor, cohort, column, any_database):
    run = drawn_up(session, actor, cohort)
    kept = getattr(run, column)
    changed = kept.replace("95", "96", 1) if "digest" not in column else ("0" if kept[0] != "0" else "1") + kept[1:]
    assert changed != kept
    session.execute(text(f"update shortlist_run set {column} = :changed"), {"changed": changed})
    session.commit()
    session.refresh(run)
    assert differences(session, run)


def test_inputs_result_and_digests_rewritten_together_still_show_against_the_audit(session, actor, cohort):
    run = drawn_up(session, actor, cohort)
    inputs = thawed(run.inputs)
    for person in inputs["people"]["people"]:
        if person["officer_no"] == "A6":
            person["scores"]["exam"] = "99"
            inputs["marks"]["A6"]["exam"][0][2] = "99"
    run.inputs, run.result = frozen(inputs), frozen(result_of(inputs))
    run.inputs_digest, run.result_digest = digest(run.inputs), digest(run.result)
    session.commit()
    assert len(differences(session, run)) == 1


def test_a_score_that_is_not_the_mean_of_its_marks_shows(session, actor, cohort):
    run = drawn_up(session, actor, cohort)
    inputs = thawed(run.inputs)
    inputs["marks"]["A5"]["proposal"][0][2] = "71"
    run.inputs = frozen(inputs)
    session.commit()
    assert any("A5" in sentence for sentence in differences(session, run))


def test_inputs_that_are_no_document_are_a_difference_and_no_crash(session, actor, cohort):
    run = drawn_up(session, actor, cohort)
    for broken in ("", "[]", "{}", "null", '{"plan": 3}', run.inputs[:-20]):
        run.inputs = broken
        session.commit()
        assert differences(session, run)


def test_the_same_form_sent_twice_draws_up_once(session, actor, cohort):
    first = operations.draw_up(session, actor=actor, cohort=cohort, key="k")
    assert operations.draw_up(session, actor=actor, cohort=cohort, key="k").id == first.id


def test_a_cohort_without_a_plan_or_without_people_is_refused_in_a_sentence(session, actor):
    empty = world.cohort(session)
    with pytest.raises(RuleBroken, match="แผนการประเมิน"):
        operations.draw_up(session, actor=actor, cohort=empty)
    world.plan(session, empty)
    with pytest.raises(RuleBroken, match="ผู้เข้ารับการอบรม"):
        operations.draw_up(session, actor=actor, cohort=empty)


def test_people_without_any_score_are_listed_with_what_is_missing(session, actor):
    cohort = world.cohort(session)
    world.plan(session, cohort)
    world.enroll(session, cohort, world.officer(session, "A1"))
    run = drawn_up(session, actor, cohort)
    result = thawed(run.result)
    assert result["entries"] == []
    assert [reason["code"] for reason in result["unranked"][0]["reasons"]] == ["missing-score"] * 4


def test_nobody_draws_up_a_list_in_which_they_stand(session, cohort):
    from sqlalchemy import select

    from tests.people import account
    from webapp.officers.models import Officer

    own = account("institute", "officer")
    session.scalar(select(Officer).where(Officer.officer_no == "A1")).account_id = own.id
    actor = Actor(kind="account", name=own.name, role="institute", account_id=own.id)
    with pytest.raises(RuleBroken):
        operations.draw_up(session, actor=actor, cohort=cohort)


def test_a_plan_s_own_words_for_gates_and_tie_breakers_are_frozen_and_shown(session, actor, cohort):
    session.execute(text("update plan_gate set name_th = 'ชั่วโมงพี่เลี้ยง' where kind = 'coaching_hours'"))
    session.execute(text("update plan_tie_breaker set name_th = 'อาวุโสในระดับ' where key = 'level_tenure'"))
    session.commit()
    session.expire_all()
    run = drawn_up(session, actor, cohort)
    table, _inputs = frozen_table(run)
    assert ("coaching_hours", "ชั่วโมงพี่เลี้ยง") in table.gate_heads()
    assert "อาวุโสในระดับ" in dict(table.explained("A1", {}).tie_facts)
    assert differences(session, run) == []
