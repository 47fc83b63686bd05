"""What the database keeps: a published version never changes, evidence is only added to, set-up overwrites nobody's work."""

from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from webapp.audit import Actor
from webapp.careers import queries as careers
from webapp.careers.models import Competency, JobProfile
from webapp.careers.profiles import competency_operations, criteria_operations, operations, queries
from webapp.careers.profiles.models import CompetencyVersion, Evidence, RemarkAnswer
from webapp.careers.shipped import load_reference_data
from webapp.records.eligibility import rule_for

FIRST = Actor(kind="account", name="คนที่หนึ่ง", role="commission", account_id=1)
SECOND = Actor(kind="account", name="คนที่สอง", role="commission", account_id=2)

REFUSED = (
    "update job_profile set reason = 'x'",
    "update job_profile set status = 'draft', published_at = null",
    "delete from job_profile",
    "update competency_version set reason = 'x'",
    "delete from remark_answer",
    "update profile_evidence set summary = 'x'",
)


def _refuses(session: Session) -> None:
    for statement in REFUSED:
        with pytest.raises(DBAPIError, match="append-only"):
            session.execute(text(statement))
        session.rollback()


def test_the_database_refuses_to_change_what_was_published(session: Session) -> None:
    _refuses(session)


def test_postgresql_refuses_it_too(postgres_session: Session) -> None:
    _refuses(postgres_session)


def _second_version(session: Session) -> JobProfile:
    post = careers.post(session, "district-director")
    draft = operations.start_draft(session, FIRST, post, based_on=1, reason="ลดจำนวนฝ่าย")
    session.refresh(draft, ["post"])
    node = criteria_operations.tree_of(draft, "criteria")["of"][2]
    values = {**node, "min": 5}
    criteria_operations.change_criterion(
        session, FIRST, draft, "criteria", "dd-sections", seen=operations.seen_of(node), values=values
    )
    return operations.publish(session, SECOND, draft, seen=operations.seen_of(draft.document))


def test_a_decision_under_version_1_keeps_version_1(session: Session, actor: Actor) -> None:
    draft = _second_version(session)
    session.commit()
    for version, sections in ((1, 7), (2, 5), (None, 5)):
        node = rule_for(session, "district-director", version).tree.find("dd-sections")
        assert node is not None and node.required == sections
    assert draft.editors[0]["account"] == 1 and draft.published_by == "คนที่สอง"


def test_setting_up_again_overwrites_nobodys_work(session: Session, actor: Actor) -> None:
    _second_version(session)
    found = session.get(Competency, "leadership")
    assert found is not None
    told: dict[str, Any] = {
        name: getattr(found, name) for name in ("name_th", "name_en", "definition_th", "definition_en", "levels")
    }
    competency_operations.change_competency(
        session, FIRST, found, seen="1", told={**told, "name_th": "ของเรา"}, reason="ทบทวน"
    )
    session.commit()
    before = session.execute(text("select count(*) from competency_version")).scalar()
    loaded = load_reference_data(session, actor)
    session.commit()
    assert (loaded.added, loaded.updated) == (0, 0)
    assert session.get(Competency, "leadership").name_th == "ของเรา"  # type: ignore[union-attr]
    assert session.execute(text("select count(*) from competency_version")).scalar() == before
    versions = session.scalars(select(JobProfile.version).order_by(JobProfile.version)).all()
    assert 2 in versions


def test_the_register_is_shipped_whole_and_honest(session: Session) -> None:
    answers = list(session.scalars(select(RemarkAnswer)))
    assert len(answers) == 16
    assert {answer.status for answer in answers} == {"done", "partly", "open"}
    assert all(answer.done_th and answer.done_en for answer in answers)
    assert len(list(session.scalars(select(CompetencyVersion)))) == 14
    assert {row.kind for row in session.scalars(select(Evidence))} == {"key-problem", "analysis"}


def test_on_postgresql_a_draft_is_kept_from_others_and_published(postgres_session: Session) -> None:
    _second_version(postgres_session)
    postgres_session.commit()
    post = careers.post(postgres_session, "district-director")
    draft = operations.start_draft(postgres_session, FIRST, post, based_on=2, reason="อีกฉบับ")
    postgres_session.commit()
    locked = queries.draft_to_change(postgres_session, post.id, draft.version)
    assert locked.post.code == "district-director"
    published = queries.version_of(postgres_session, post.id, 2, drafts=False)
    assert len(queries.competencies_as_published(postgres_session, published)) == 11
