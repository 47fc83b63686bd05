"""The wash-up: finals with what was before, the declared method, second persons, release into the officers' ratings."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from tests.assessments.center.conftest import POLICY, begin
from tests.people import enter_as
from webapp import clock
from webapp.accounts.queries import actor_for
from webapp.assessments.center import arranging, outcome, people, results_queries, rules, setting, washup
from webapp.assessments.models import CompetencyRating
from webapp.errors import Conflict, NotAllowed, NotFound, RuleBroken
from webapp.records.facts import load_facts


def decided(session, house, participant, rating, note="", code="leadership", seen=None):
    return washup.decide(
        session, house.staff, house.center, participant, {code: (rating, note)}, present=["ก"], seen=seen or {}
    )


def test_nothing_is_decided_before_every_assessor_has_rated(session, running):
    running.rate(*running.posts()[0])
    with pytest.raises(RuleBroken, match="ยังส่งคะแนนไม่ครบ"):
        decided(session, running, running.participant(), 3)
    with pytest.raises(RuleBroken, match="ยังส่งคะแนนไม่ครบ"):
        washup.discuss(session, running.staff, running.center, running.participant(), words="คุย", present=[])


def test_by_consensus_a_final_other_than_the_mean_needs_a_note_and_both_are_kept(session, running):
    running.rate_all(leadership=4)
    participant = running.participant()
    with pytest.raises(RuleBroken, match="หมายเหตุ"):
        decided(session, running, participant, 5)
    (first,) = decided(session, running, participant, 5, "เด่นชัดในทั้งสองแบบฝึก")
    assert (first.before, first.rating, first.method) == (Decimal(4), 5, "consensus")
    with pytest.raises(Conflict):
        decided(session, running, participant, 4, "เปลี่ยน")
    (second,) = decided(session, running, participant, 4, "ทบทวนแล้ว", seen={"leadership": first.id})
    assert [row.rating for row in results_queries.history_of(session, participant.id)] == [5, 4]
    assert results_queries.finals_of(session, running.center.id)[participant.id, "leadership"].id == second.id
    for wrong in (0, 6):
        with pytest.raises(RuleBroken, match="1 ถึง 5"):
            decided(session, running, participant, wrong, "x", seen={"leadership": second.id})


def test_by_the_mechanical_method_the_final_is_the_weighted_mean_and_nothing_else(session):
    house = begin(session, 2, policy=replace(POLICY, method="mechanical"))
    weights = {(exercise, code): Decimal(weight) for exercise, weight in (("role-play", 3), ("in-basket", 1))
               for code in ("leadership", "coordination")}  # fmt: skip
    setting.save_matrix(session, house.staff, house.center, weights)
    setting.approve(session, house.second, house.center)
    house.arrange()
    arranging.publish(session, house.staff, house.center)
    for actor, post in house.posts():
        house.rate(actor, post, leadership=2 if post.exercise.code == "role-play" else 4)
    participant = house.participant()
    line = next(one for one in washup.lines_of(session, house.center, participant.id) if one.competency == "leadership")
    assert line.mean == Fraction(2 * 3 + 4, 4) == Fraction(5, 2)
    assert line.flagged, "two levels apart"
    with pytest.raises(RuleBroken, match="คือ 3"):
        decided(session, house, participant, 2, "ไม่เห็นด้วย")
    assert decided(session, house, participant, 3)[0].rating == 3, "half is rounded up"


def test_finals_and_discussion_are_only_added(any_database, session):
    house = begin(session, 1)
    setting.approve(session, house.second, house.center)
    house.arrange()
    arranging.publish(session, house.staff, house.center)
    house.rate_all()
    washup.discuss(session, house.staff, house.center, house.participant(), words="คุยกัน", present=["ก"], key="d1")
    washup.discuss(session, house.staff, house.center, house.participant(), words="คุยกัน", present=["ก"], key="d1")
    house.conclude()
    washup.release(session, house.staff, house.center)
    session.commit()
    assert len(results_queries.discussion_of(session, house.participant().id)) == 1
    for table in ("center_final", "center_discussion", "center_report"):
        for act in (f"UPDATE {table} SET id = id + 1000", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError, match="append-only"):
                session.execute(text(act))
            session.rollback()


def test_a_second_person_closes_and_another_releases(session, running):
    running.rate_all()
    with pytest.raises(RuleBroken, match="ยังปิดไม่ได้"):
        washup.close(session, running.second, running.center)
    with pytest.raises(NotAllowed):
        washup.close(session, actor_for(running.accounts[0]), running.center)
    running.conclude()
    assert running.center.closed_by == running.second.name
    with pytest.raises(RuleBroken, match="ผู้ปิด"):
        washup.release(session, running.second, running.center)
    assert washup.release(session, running.staff, running.center) == 8
    with pytest.raises(Conflict):
        washup.release(session, running.staff, running.center)


def test_whoever_decided_does_not_close(session, running):
    running.rate_all()
    running.second, kept = running.staff, running.second
    with pytest.raises(RuleBroken, match="ผู้บันทึกผลสุดท้าย"):
        running.conclude()
    washup.close(session, kept, running.center)


def test_released_finals_are_the_officers_ratings_with_their_source_and_count(session, running):
    running.rate_all(leadership=5)
    running.conclude()
    officer = running.participant().officer
    own = select(CompetencyRating).where(CompetencyRating.officer_id == officer.id)
    assert session.scalars(own).all() == []
    washup.release(session, running.staff, running.center)
    session.commit()
    rows = {row.competency_code: row for row in session.scalars(own)}
    assert {code: row.rating for code, row in rows.items()} == {"leadership": 5, "coordination": 3}
    for row in rows.values():
        assert row.method == f"ศูนย์การประเมิน {running.center.code}"
        assert row.rated_on == clock.today()
        assert row.released_at is not None
        final = results_queries.finals_of(session, running.center.id)[running.participant().id, row.competency_code]
        assert row.center_final_id == final.id
    found = load_facts(session, tables=["ratings"], officer_ids=[officer.id])
    ratings = found.ratings
    assert sorted(ratings.rating.tolist()) == [3, 5], "eligibility reads them"


def test_nobody_works_on_their_own_results(session, running, client):
    running.rate_all()
    running.participant().officer.account_id = running.staff.account_id
    with pytest.raises(NotFound):
        decided(session, running, running.participant(), 3)


def test_a_report_follows_the_finals_and_the_participant_answers_once(session, running, client):
    from webapp.accounts.models import Account

    running.rate_all()
    participant = running.participant()
    with pytest.raises(RuleBroken, match="ครบทุกสมรรถนะ"):
        washup.write_report(
            session, running.staff, running.center, participant, overall=3, overall_note="", strengths="ก", needs="ข",
            advice="ค", number=0,
        )  # fmt: skip
    running.conclude()
    washup.release(session, running.staff, running.center)
    account = session.get_one(Account, running.accounts[0].id)
    participant.officer.account_id = account.id
    actor = actor_for(account)
    washup.answer(session, actor, running.center, participant, words="เห็นด้วย")
    with pytest.raises(Conflict):
        washup.answer(session, actor, running.center, participant, words="อีกครั้ง")
    with pytest.raises(NotFound):
        washup.answer(session, actor, running.center, running.participant(1), words="ของผู้อื่น")


def test_an_overall_other_than_the_mean_needs_its_reason(session, running):
    running.rate_all()
    participant = running.participant()
    for code in ("leadership", "coordination"):
        decided(session, running, participant, 3, code=code)
    values = {"strengths": "ก", "needs": "ข", "advice": "ค", "number": 0}
    with pytest.raises(RuleBroken, match="ต่างจากค่าเฉลี่ย"):
        washup.write_report(session, running.staff, running.center, participant, overall=4, overall_note="", **values)
    made = washup.write_report(
        session, running.staff, running.center, participant, overall=4, overall_note="พัฒนาการระหว่างวันชัดเจน", **values
    )
    with pytest.raises(Conflict):
        washup.write_report(session, running.staff, running.center, participant, overall=3, overall_note="", **values)
    assert made.number == 1


def test_stars_by_the_stated_rule_at_its_thresholds(session, running):
    running.rate_all(leadership=4, coordination=4)
    running.conclude()
    for place, figure in enumerate(("4", "3.9")):
        people.set_performance(
            session,
            running.staff,
            running.center,
            running.participant(place),
            performance=Decimal(figure),
            source="ปี 2569",
        )
    rows = outcome.outcomes_of(session, running.center)
    assert [one.star for one in rows] == [True, False, False, False]
    assert rows[0].cell == (2, 2)
    assert rows[1].why_not == ("performance",)
    assert rows[2].why_not == ("no-performance",)
    assert rules.band(Fraction("3.5")) == 2


def test_executives_see_the_grid_once_released_and_never_the_side_by_side(session, running, client, sign_in):
    running.rate_all()
    running.conclude()
    session.commit()
    sign_in(client, role="executive")
    code, number = running.center.code, running.participant().officer.officer_no
    for page in (f"/centers/{code}/grid", f"/centers/{code}/results/{number}", f"/centers/{code}/washup"):
        assert client.get(page).status_code == 404, page
    washup.release(session, running.staff, running.center)
    session.commit()
    assert client.get(f"/centers/{code}/grid").status_code == 200
    assert client.get(f"/centers/{code}/results/{number}").status_code == 200
    assert client.get(f"/centers/{code}/results/{number}/report.pdf").data.startswith(b"%PDF")
    assert client.get(f"/centers/{code}/washup/{number}").status_code == 404
    assert client.get(f"/centers/{code}/grid?cell=1-1").status_code == 200


def test_a_participant_reads_only_their_own_report(session, running, client):
    from tests.people import account

    running.rate_all()
    running.conclude()
    own, other = (account("officer", name=name) for name in ("เจ้าตัว", "คนอื่น"))
    running.participant(0).officer.account_id = own.id
    running.participant(1).officer.account_id = other.id
    washup.release(session, running.staff, running.center)
    session.commit()
    code = running.center.code
    enter_as(client, own)
    page = client.get(f"/centers/{code}/own/report")
    assert running.participant(1).officer.family_name  # somebody else exists
    assert page.status_code == 200
    assert client.get(f"/centers/{code}/results/{running.participant(1).officer.officer_no}").status_code == 404
    assert client.get(f"/centers/{code}/washup").status_code == 404
    assert client.get(f"/centers/{code}").status_code == 404
    assert client.submit(f"/centers/{code}/own/report", {"words": "ขอบคุณ"}).status_code == 303
    enter_as(client, account("officer", name="คนนอก"))
    assert client.get(f"/centers/{code}/own").status_code == 404


def test_whoever_falls_ill_leaves_with_a_reason_and_the_rest_is_concluded(session, running):
    ill = running.participant(3)
    running.rate(*next((a, p) for a, p in running.posts() if p.participant.id == ill.id))
    with pytest.raises(RuleBroken, match="เหตุผล"):
        people.withdraw(session, running.staff, running.center, ill, reason=" ")
    people.withdraw(session, running.staff, running.center, ill, reason="ป่วย")
    running.rate_all()
    assert ill.id not in washup.lines_by_participant(session, running.center)
    running.conclude()
    assert washup.release(session, running.staff, running.center) == 3 * 2
    assert len(outcome.outcomes_of(session, running.center)) == 3
    assert results_queries.standing_ratings(session, running.center.id, ill.id), "what was given stays"
