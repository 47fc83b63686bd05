"""What an assessor does: observe with time stamps, class what was seen under competencies, then rate. Only ever added.

Order of the Guidelines (2015): observe, record, classify, evaluate; nobody sees another's ratings before giving their own.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.assessments.center.models import Center, CenterAssessor, CenterExercise, CenterParticipant, CenterSitting
from webapp.assessments.center.models_results import CenterClassing, CenterObservation, CenterRating
from webapp.assessments.center.places import Place, measured_in, places_of
from webapp.assessments.center.rules import HIGHEST, LOWEST
from webapp.audit import Actor
from webapp.errors import Conflict, NotFound, RuleBroken

OPENS_BEFORE = dt.timedelta(minutes=30)
"""A session may begin early; notes are taken from half an hour before its time (ours)."""

LONGEST_WORDS = 4000


@dataclass(frozen=True, slots=True)
class Post:
    """An assessor at a place: who is observed in which exercise, and the session, if it is observed live."""

    center: Center
    assessor: CenterAssessor
    participant: CenterParticipant
    exercise: CenterExercise
    sitting: CenterSitting | None
    competencies: tuple[str, ...]

    @property
    def place(self) -> Place:
        return Place(self.participant.id, self.exercise.id, self.assessor.id)


def post_of(
    session: Session, center: Center, assessor: CenterAssessor, participant: CenterParticipant, exercise: CenterExercise
) -> Post:
    """The assessor's place. Raises ``NotFound`` where the timetable does not put them there, or is not published."""
    place = Place(participant.id, exercise.id, assessor.id)
    places = places_of(session, center.id)
    if center.published_at is None or place not in places:
        raise NotFound()
    shown = tuple(measured_in(session, center.id).get(exercise.id, ()))
    return Post(center, assessor, participant, exercise, places[place], shown)


def observations_at(session: Session, place: Place) -> list[tuple[CenterObservation, list[CenterClassing]]]:
    """What the assessor noted at a place, in the order in which it was seen, with how it was classed; two statements."""
    rows = session.scalars(
        select(CenterObservation)
        .where(
            CenterObservation.participant_id == place.participant_id,
            CenterObservation.exercise_id == place.exercise_id,
            CenterObservation.assessor_id == place.assessor_id,
        )
        .order_by(CenterObservation.seen_at, CenterObservation.id)
    ).all()
    classed: dict[int, list[CenterClassing]] = {row.id: [] for row in rows}
    query = select(CenterClassing).where(CenterClassing.observation_id.in_(classed)).order_by(CenterClassing.id)
    for one in session.scalars(query):
        classed[one.observation_id].append(one)
    return [(row, classed[row.id]) for row in rows]


def ratings_at(session: Session, place: Place) -> list[CenterRating]:
    """The assessor's standing ratings at a place; none before they are submitted."""
    replaced = select(CenterRating.replaces_id).where(CenterRating.replaces_id.is_not(None))
    query = select(CenterRating).where(
        CenterRating.participant_id == place.participant_id, CenterRating.exercise_id == place.exercise_id,
        CenterRating.assessor_id == place.assessor_id, CenterRating.id.not_in(replaced),
    )  # fmt: skip
    return list(session.scalars(query.order_by(CenterRating.id)))


def check_at_work(session: Session, actor: Actor, post: Post) -> None:
    """Raise unless the actor is the assessor of the place, the center runs, and its session has begun."""
    if actor.account_id is None or post.assessor.account_id != actor.account_id:
        raise NotFound()
    if post.center.status != "approved":
        raise RuleBroken("ศูนย์การประเมินนี้ปิดแล้ว จึงบันทึกการสังเกตหรือคะแนนเพิ่มไม่ได้")
    if post.sitting is not None and clock.now() < post.sitting.starts_at - OPENS_BEFORE:
        raise RuleBroken("รอบนี้ยังไม่เริ่ม บันทึกได้ตั้งแต่ 30 นาทีก่อนเวลาเริ่ม")


def observe(
    session: Session, actor: Actor, post: Post, *, words: str, seen_at: dt.datetime | None = None,
    classed: Mapping[str, str] | None = None, key: str | None = None,
) -> CenterObservation:  # fmt: skip
    """Note what was seen; ``classed``: competency → + or -. ``seen_at`` is what the assessor's device says.

    The same ``key`` with the same words is kept once; with other words it is refused (``Conflict``).
    """
    check_at_work(session, actor, post)
    words = words.strip()
    if not words:
        raise RuleBroken("กรุณาพิมพ์สิ่งที่เห็นหรือได้ยิน")
    if len(words) > LONGEST_WORDS:
        raise RuleBroken("บันทึกหนึ่งยาวได้ไม่เกิน %(most)s ตัวอักษร ให้แบ่งเป็นหลายบันทึก", most=LONGEST_WORDS)
    known = session.scalar(select(CenterObservation).where(CenterObservation.key == key)) if key else None
    if known is not None:
        if (known.words, known.participant_id, known.assessor_id) != (words, post.participant.id, post.assessor.id):
            raise Conflict("บันทึกนี้ส่งไปแล้วด้วยข้อความอื่น กรุณาเปิดหน้านี้ใหม่แล้วตรวจสอบ")
        return known
    _check_not_rated(session, post)
    now = clock.now()
    made = CenterObservation(
        participant_id=post.participant.id, exercise_id=post.exercise.id, assessor_id=post.assessor.id, words=words,
        seen_at=min(seen_at or now, now), received_at=now, key=key,
    )  # fmt: skip
    session.add(made)
    session.flush()
    for competency, sign in (classed or {}).items():
        class_under(session, actor, post, made, competency=competency, sign=sign)
    return made


def class_under(
    session: Session, actor: Actor, post: Post, observation: CenterObservation, *, competency: str, sign: str
) -> None:
    """Class an observation under a competency of the exercise, as showing it (+) or its absence (-). Again: unchanged."""
    check_at_work(session, actor, post)
    if observation.assessor_id != post.assessor.id or competency not in post.competencies or sign not in ("+", "-"):
        raise NotFound()
    _check_not_rated(session, post)
    there = select(CenterClassing.id).where(
        CenterClassing.observation_id == observation.id, CenterClassing.competency_code == competency
    )
    if session.scalar(there) is None:
        session.add(
            CenterClassing(observation_id=observation.id, competency_code=competency, sign=sign, classed_at=clock.now())
        )
        session.flush()


def _check_not_rated(session: Session, post: Post) -> None:
    if ratings_at(session, post.place):
        raise RuleBroken("ท่านส่งคะแนนของแบบฝึกนี้แล้ว จึงเพิ่มการสังเกตไม่ได้")


def unobserved(session: Session, post: Post) -> list[str]:
    """Competencies of the exercise under which no observation of the assessor is classed yet."""
    seen = {one.competency_code for _row, classed in observations_at(session, post.place) for one in classed}
    return [code for code in post.competencies if code not in seen]


def submit(
    session: Session, actor: Actor, post: Post, ratings: Mapping[str, int], notes: Mapping[str, str]
) -> Sequence[CenterRating]:
    """Submit the ratings (1-5) of every competency of the exercise at once; they are never changed, only corrected.

    Sent twice with the same ratings it is the same act. Raises ``RuleBroken`` for a competency without an observation.
    """
    check_at_work(session, actor, post)
    there = ratings_at(session, post.place)
    if there:
        if {row.competency_code: row.rating for row in there} == dict(ratings):
            return there
        raise Conflict("ท่านส่งคะแนนของแบบฝึกนี้ไปก่อนแล้วด้วยค่าอื่น กรุณาเปิดหน้านี้ใหม่ การแก้ไขต้องระบุเหตุผล")
    if set(ratings) != set(post.competencies) or any(not LOWEST <= one <= HIGHEST for one in ratings.values()):
        raise RuleBroken("ต้องให้คะแนน 1 ถึง 5 ครบทุกสมรรถนะของแบบฝึกนี้")
    if unobserved(session, post):
        raise RuleBroken("ให้คะแนนได้เฉพาะสมรรถนะที่บันทึกการสังเกตไว้ ให้เพิ่มหรือจัดการสังเกตเข้าสมรรถนะที่ขาดก่อน")
    now = clock.now()
    made = [
        CenterRating(
            participant_id=post.participant.id, exercise_id=post.exercise.id, assessor_id=post.assessor.id,
            competency_code=code, rating=ratings[code], note=notes.get(code, "").strip(), rated_at=now, rated_by=actor.name,
        )
        for code in post.competencies
    ]  # fmt: skip
    try:
        with session.begin_nested():
            session.add_all(made)
    except IntegrityError:
        raise Conflict("คะแนนของแบบฝึกนี้ส่งไปในขณะเดียวกันแล้ว กรุณาเปิดหน้านี้ใหม่แล้วตรวจสอบ") from None
    audit.append(
        session, actor, "assessments:center:rate", "CenterRating", _key(post),
        after={row.competency_code: row.rating for row in made},
    )  # fmt: skip
    return made


def correct(session: Session, actor: Actor, post: Post, competency: str, *, rating: int, reason: str) -> CenterRating:
    """Put another rating in place of one's own, with a reason; the first stays and is what agreement is computed from."""
    check_at_work(session, actor, post)
    old = next((row for row in ratings_at(session, post.place) if row.competency_code == competency), None)
    if old is None:
        raise NotFound()
    if not LOWEST <= rating <= HIGHEST:
        raise RuleBroken("คะแนนต้องเป็น 1 ถึง 5")
    if not reason.strip():
        raise RuleBroken("การแก้ไขคะแนนต้องระบุเหตุผล")
    made = CenterRating(
        participant_id=old.participant_id, exercise_id=old.exercise_id, assessor_id=old.assessor_id,
        competency_code=competency, rating=rating, note=old.note, rated_at=clock.now(), rated_by=actor.name,
        replaces_id=old.id, reason=reason.strip(),
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        raise Conflict("คะแนนนี้ถูกแก้ไขไปในขณะเดียวกันแล้ว กรุณาเปิดหน้านี้ใหม่แล้วตรวจสอบ") from None
    audit.append(
        session, actor, "assessments:center:rating-correct", "CenterRating", _key(post), before={competency: old.rating},
        after={competency: rating}, reason=reason.strip(),
    )  # fmt: skip
    return made


def _key(post: Post) -> str:
    return f"{post.center.code}/{post.exercise.code}/{post.participant.id}/{post.assessor.id}"
