"""An officer's own readiness: posts by nearness, what lies behind, what time does and what is to do."""

import datetime as dt
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.shortlist import world
from webapp.careers.models import Post, Unit
from webapp.clock import today
from webapp.officers.models import Officer, Posting
from webapp.readiness import own_words
from webapp.readiness.own import readiness_of
from webapp.readiness.queries import names


def posting(session: Session, officer: Officer, code: str, started_on: dt.date, **more: Any) -> None:
    post = session.scalars(select(Post).where(Post.code == code)).one()
    unit = session.scalars(select(Unit).where(Unit.code == "BMA-D02")).one()
    session.add(
        Posting(
            officer_id=officer.id, post_id=post.id, unit_id=unit.id, position_type=post.position_type, level=post.level,
            started_on=started_on, entered_by="ทดสอบ", entered_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), **more,
        )
    )  # fmt: skip
    session.flush()


def test_an_assistant_aims_for_the_director_and_not_for_what_lies_behind(session: Session) -> None:
    person = world.officer(session, "T1")
    own = readiness_of(session, person, today())
    assert [one.post.code for one in own.aims] == ["district-director"]
    assert [one.post.code for one in own.held] == ["assistant-district-director"]
    assert {one.post.code for one in own.distances if one.behind} == {"section-head"}
    chosen = own.chosen("")
    assert chosen is not None and chosen.post.code == "district-director"
    assert own.chosen("section-head") is not chosen
    assert [one.node.id for one in chosen.top if one.is_met] == ["dd-assistant-tenure"]
    assert "1 จาก 5" in own_words.summary(own)


def test_time_alone_is_told_from_what_is_to_do(session: Session) -> None:
    person = world.officer(session, "T1")
    row = session.scalars(select(Posting).where(Posting.officer_id == person.id)).one()
    row.started_on = today() - dt.timedelta(days=365)
    session.flush()
    one = readiness_of(session, person, today()).aims[0]
    assert [item.node.id for item in one.by_time] == ["dd-assistant-tenure"]
    assert [item.node.id for item in one.to_do] == ["dd-standard", "dd-sections", "dd-course", "dd-competency"]
    told = names(session, one.tree)
    kinds = {item.node.id: own_words.action_of(item, one) for item in one.to_do}
    assert kinds == {
        "dd-standard": "assessment", "dd-sections": "rotation", "dd-course": "course", "dd-competency": "assessment",
    }  # fmt: skip
    ahead = own_words.days_ahead(one, [(today(), "อ่านหนังสือ")], dt.date(2035, 9, 30))
    assert next(words for _day, words in ahead) == "ตามแผน: อ่านหนังสือ" and len(ahead) == 3
    content = own_words.criterion_item(one.to_do[1], one, told, "en")
    assert content["gap"]["expected_en"] != content["gap"]["expected_th"]
    assert own_words.radar(one, told) is not None


def test_a_director_has_no_aim_below_and_one_out_of_service_none_at_all(session: Session) -> None:
    person = world.officer(session, "T1")
    posting(session, person, "district-director", today() - dt.timedelta(days=10))
    own = readiness_of(session, person, today())
    assert own.aims == () and own_words.summary(own) == "ดำรงตำแหน่งเป้าหมายสูงสุดแล้ว"
    person.left_on = today() - dt.timedelta(days=1)
    session.flush()
    own = readiness_of(session, person, today())
    assert own.aims == () and own.held == () and own_words.summary(own) == ""
