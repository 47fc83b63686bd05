"""The wash-up: all ratings side by side, what is said, the final rating per competency; the report; closing and release.

Nobody closes what they decided, nobody releases what they closed, and nobody acts on their own results (promise 10).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.accounts.permissions import may
from webapp.assessments.center import places, queries, results_queries, rules
from webapp.assessments.center.models import Center, CenterParticipant
from webapp.assessments.center.models_results import (
    CenterDiscussion,
    CenterFeedback,
    CenterFinal,
    CenterRating,
    CenterReport,
)
from webapp.assessments.models import CompetencyRating
from webapp.assessments.ratings.operations import record_rating
from webapp.audit import Actor
from webapp.errors import Conflict, NotAllowed, NotFound, RuleBroken
from webapp.notices.operations import notify

METHOD = "ศูนย์การประเมิน %(code)s"
"""What an officer's competency rating says about where it comes from; its source is linked beside."""


@dataclass(frozen=True, slots=True)
class Line:
    """One competency of a participant in the wash-up: ratings by exercise and assessor, their mean, how far apart."""

    competency: str
    ratings: tuple[CenterRating, ...]
    mean: Fraction | None
    spread: int
    flagged: bool
    final: CenterFinal | None


def lines_of(session: Session, center: Center, participant_id: int) -> list[Line]:
    """The competencies of the matrix with the standing ratings of a participant."""
    by_participant = lines_by_participant(session, center)
    return by_participant.get(participant_id, [])


def lines_by_participant(session: Session, center: Center) -> dict[int, list[Line]]:
    """The same for everybody of the center, in a fixed number of statements."""
    weights: dict[str, dict[str, Fraction]] = {}
    for (exercise, competency), cell in queries.cells_of(session, center.id).items():
        weights.setdefault(competency, {})[str(exercise)] = Fraction(cell.weight)
    order = [row.code for row in queries.competencies_named(session, weights)]
    given: dict[tuple[int, str], list[CenterRating]] = {}
    for row in results_queries.standing_ratings(session, center.id):
        given.setdefault((row.participant_id, row.competency_code), []).append(row)
    finals = results_queries.finals_of(session, center.id)
    people = [row.id for row in queries.taking_part(session, center.id)]
    return {
        person: [
            _line(code, given.get((person, code), []), weights[code], center.threshold, finals.get((person, code)))
            for code in order
        ]
        for person in people
    }


def _line(
    code: str,
    ratings: Sequence[CenterRating],
    weights: Mapping[str, Fraction],
    threshold: Decimal,
    final: CenterFinal | None,
) -> Line:
    shared = rules.shares([(str(row.exercise_id), row.rating) for row in ratings], weights)
    apart = rules.spread([row.rating for row in ratings])
    return Line(code, tuple(ratings), rules.weighted_mean(shared), apart, apart >= threshold, final)


def check_washup(session: Session, actor: Actor, center: Center, participant: CenterParticipant) -> None:
    """Raise unless staff may write in the wash-up of a participant: not their own, the center open, everything rated."""
    _check_staff(actor, participant)
    if center.status != "approved":
        raise RuleBroken("ศูนย์การประเมินนี้ปิดแล้ว จึงเปลี่ยนผลไม่ได้")
    theirs = [one for one in places.places_of(session, center.id) if one.participant_id == participant.id]
    done = places.progress(theirs, places.rated_places(session, center.id))
    if not theirs or done.missing:
        raise RuleBroken("ผู้ประเมินยังส่งคะแนนไม่ครบ ขาดอยู่ %(count)s รายการ จึงยังสรุปผลไม่ได้", count=done.missing)


def _check_staff(actor: Actor, participant: CenterParticipant | None = None) -> None:
    if actor.kind == "account" and not may(actor.roles, "assessments:center:change"):
        raise NotAllowed()
    if participant is not None and actor.account_id is not None and participant.officer.account_id == actor.account_id:
        raise NotFound()


def discuss(
    session: Session, actor: Actor, center: Center, participant: CenterParticipant, *, words: str, present: Sequence[str],
    key: str | None = None,
) -> CenterDiscussion:  # fmt: skip
    """Write down what was said about a participant, and who sat there. Only ever added."""
    check_washup(session, actor, center, participant)
    if not words.strip():
        raise RuleBroken("กรุณาพิมพ์สิ่งที่ที่ประชุมหารือ")
    known = session.scalar(select(CenterDiscussion).where(CenterDiscussion.key == key)) if key else None
    if known is not None:
        if known.words != words.strip() or known.participant_id != participant.id:
            raise Conflict("บันทึกนี้ส่งไปแล้วด้วยข้อความอื่น กรุณาเปิดหน้านี้ใหม่แล้วตรวจสอบ")
        return known
    made = CenterDiscussion(
        participant_id=participant.id, words=words.strip(), present=sorted(set(present)), written_by=actor.name,
        written_at=clock.now(), key=key,
    )  # fmt: skip
    session.add(made)
    session.flush()
    audit.append(
        session, actor, "assessments:center:discuss", "CenterParticipant", _key(center, participant),
        after={"entry": made.id, "present": made.present},
    )  # fmt: skip
    return made


def decide(
    session: Session, actor: Actor, center: Center, participant: CenterParticipant, finals: Mapping[str, tuple[int, str]],
    *, present: Sequence[str], seen: Mapping[str, int | None],
) -> list[CenterFinal]:  # fmt: skip
    """Decide final ratings (competency → rating and note). ``seen``: the final that stood when the form was opened.

    By consensus the meeting chooses; a final that differs from the rounded mean, and every change, needs its note. By the
    mechanical method the final is the weighted mean, rounded half up, and nothing else.
    """
    check_washup(session, actor, center, participant)
    lines = {line.competency: line for line in lines_of(session, center, participant.id)}
    made: list[CenterFinal] = []
    for code, (rating, note) in finals.items():
        line = lines.get(code)
        if line is None or line.mean is None:
            raise NotFound()
        there, note = line.final, note.strip()
        if there is not None and (there.rating, there.note) == (rating, note):
            continue  # sent twice, or left as it was
        if (there.id if there else None) != seen.get(code):
            raise Conflict("มีผู้สรุปผลสมรรถนะนี้ไปก่อนแล้ว กรุณาเปิดหน้าใหม่แล้วตรวจสอบ")
        _check_final(center, line, rating, note, changes=there is not None)
        made.append(
            CenterFinal(
                participant_id=participant.id, competency_code=code, before=_exact(line.mean), rating=rating,
                method=center.method, note=note, present=sorted(set(present)), decided_by=actor.name,
                decided_by_id=actor.account_id, decided_at=clock.now(), replaces_id=there.id if there else None,
            )
        )  # fmt: skip
    _add(session, made)
    if made:
        before = {
            row.competency_code: old.rating for row in made if (old := lines[row.competency_code].final) is not None
        }
        audit.append(
            session, actor, "assessments:center:decide", "CenterParticipant", _key(center, participant), before=before,
            after={row.competency_code: row.rating for row in made}, reason="; ".join(row.note for row in made if row.note),
        )  # fmt: skip
    return made


def _check_final(center: Center, line: Line, rating: int, note: str, *, changes: bool) -> None:
    assert line.mean is not None
    computed = rules.mechanical(line.mean)
    if not rules.LOWEST <= rating <= rules.HIGHEST:
        raise RuleBroken("ผลสุดท้ายต้องเป็น 1 ถึง 5")
    if center.method == "mechanical" and rating != computed:
        raise RuleBroken("ศูนย์นี้ประกาศวิธีคำนวณไว้ ผลสุดท้ายต้องเป็นค่าที่คำนวณได้ คือ %(rating)s", rating=computed)
    if not note and (changes or rating != computed):
        raise RuleBroken("ผลสุดท้ายที่ต่างจากค่าเฉลี่ย หรือที่เปลี่ยนจากเดิม ต้องระบุหมายเหตุ")


def _exact(mean: Fraction) -> Decimal:
    """The mean as it is kept beside the final: to six decimals, for the exact one follows from the ratings."""
    return (Decimal(mean.numerator) / Decimal(mean.denominator)).quantize(Decimal("0.000001"))


def _add(session: Session, made: Sequence[CenterFinal]) -> None:
    try:
        with session.begin_nested():
            session.add_all(made)
    except IntegrityError:
        raise Conflict("มีผู้สรุปผลสมรรถนะนี้ในขณะเดียวกัน กรุณาเปิดหน้าใหม่แล้วตรวจสอบ") from None


# The report


def write_report(
    session: Session, actor: Actor, center: Center, participant: CenterParticipant, *, overall: int, overall_note: str,
    strengths: str, needs: str, advice: str, number: int,
) -> CenterReport:  # fmt: skip
    """A version of the participant's report; ``number`` is the version it follows (0: none). Needs every final rating."""
    check_washup(session, actor, center, participant)
    lines = lines_of(session, center, participant.id)
    finals = [line.final.rating for line in lines if line.final is not None]
    if len(finals) < len(lines):
        raise RuleBroken("ต้องสรุปผลสุดท้ายให้ครบทุกสมรรถนะก่อนเขียนรายงาน")
    if not rules.LOWEST <= overall <= rules.HIGHEST:
        raise RuleBroken("ผลรวมต้องเป็น 1 ถึง 5")
    computed = rules.mechanical(rules.potential(finals))
    if overall != computed and (center.method == "mechanical" or not overall_note.strip()):
        raise RuleBroken("ผลรวมที่ต่างจากค่าเฉลี่ยของผลสุดท้าย (%(rating)s) ต้องเป็นวิธีเห็นพ้องและมีหมายเหตุ", rating=computed)
    if not (strengths.strip() and needs.strip() and advice.strip()):
        raise RuleBroken("รายงานต้องมีจุดแข็ง สิ่งที่ควรพัฒนา และคำแนะนำ")
    there = results_queries.reports_of(session, center.id).get(participant.id)
    if (there.number if there else 0) != number:
        raise Conflict("มีผู้เขียนรายงานนี้ไปก่อนแล้ว กรุณาเปิดหน้าใหม่แล้วเทียบก่อนบันทึก")
    made = CenterReport(
        participant_id=participant.id, number=number + 1, overall=overall, overall_note=overall_note.strip(),
        strengths=strengths.strip(), needs=needs.strip(), advice=advice.strip(), written_by=actor.name,
        written_at=clock.now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    audit.append(
        session, actor, "assessments:center:report", "CenterParticipant", _key(center, participant),
        after={"number": made.number, "overall": overall},
    )  # fmt: skip
    return made


def answer(
    session: Session, actor: Actor, center: Center, participant: CenterParticipant, *, words: str
) -> CenterFeedback:
    """The participant has read their report, and says what they want to say about it, once."""
    if actor.account_id is None or participant.officer.account_id != actor.account_id:
        raise NotFound()
    report = results_queries.report_shown_to(session, center, participant)
    if report is None:
        raise NotFound()
    said = words.strip()[:4000]
    known = results_queries.feedback_on(session, [report.id]).get(report.id)
    if known is not None:
        if known.words == said:
            return known
        raise Conflict("ท่านตอบรับรายงานนี้ไปแล้ว")
    made = CenterFeedback(report_id=report.id, words=said, given_at=clock.now())
    session.add(made)
    session.flush()
    audit.append(session, actor, "assessments:center:answer", "CenterParticipant", _key(center, participant))
    return made


# Closing and release


def left_to_do(session: Session, center: Center) -> tuple[int, int, int]:
    """What stands before closing: places not rated, final ratings not decided, reports not written."""
    everywhere = places.places_of(session, center.id)
    unrated = places.progress(everywhere, places.rated_places(session, center.id)).missing
    lines = lines_by_participant(session, center)
    undecided = sum(1 for rows in lines.values() for line in rows if line.final is None)
    reports = results_queries.reports_of(session, center.id)
    return unrated, undecided, sum(1 for person in lines if person not in reports)


def close(session: Session, actor: Actor, center: Center) -> None:
    """The second person closes the wash-up: somebody who decided no final rating in it. From here on nothing changes."""
    _check_staff(actor)
    if center.status != "approved":
        raise Conflict("ศูนย์การประเมินนี้ไม่ได้เปิดอยู่")
    if any(left_to_do(session, center)) or not queries.has_timetable(session, center.id):
        raise RuleBroken("ยังปิดไม่ได้ ต้องมีคะแนนครบ ผลสุดท้ายครบทุกสมรรถนะ และรายงานครบทุกคน")
    finals = results_queries.finals_of(session, center.id).values()
    if actor.account_id is not None and any(row.decided_by_id == actor.account_id for row in finals):
        raise RuleBroken("ท่านเป็นผู้บันทึกผลสุดท้าย จึงต้องให้เจ้าหน้าที่คนอื่นตรวจและปิด")
    center.status, center.closed_by, center.closed_by_id = "closed", actor.name, actor.account_id
    center.closed_at = clock.now()
    session.flush()
    audit.append(session, actor, "assessments:center:close", "Center", center.code)


def release(session: Session, actor: Actor, center: Center) -> int:
    """Results go out: participants read their reports, and final ratings become the officers' competency ratings today.

    Somebody else than who closed does it. Returns how many ratings were recorded.
    """
    _check_staff(actor)
    if center.status != "closed":
        raise Conflict("ต้องปิดการประเมินก่อนแจ้งผล และแจ้งผลได้ครั้งเดียว")
    if actor.account_id is not None and center.closed_by_id == actor.account_id:
        raise RuleBroken("ท่านเป็นผู้ปิดการประเมินนี้ จึงต้องให้เจ้าหน้าที่คนอื่นแจ้งผล")
    people = {row.id: row for row in queries.taking_part(session, center.id)}
    finals = {key: row for key, row in results_queries.finals_of(session, center.id).items() if key[0] in people}
    now, method = clock.now(), METHOD % {"code": center.code}
    for (person, code), final in finals.items():
        officer = people[person].officer
        made: CompetencyRating = record_rating(
            session, actor, officer, competency=code, rating=final.rating, rated_on=clock.today(), method=method,
            assessor=", ".join(final.present)[:200],
        )  # fmt: skip
        made.center_final_id, made.released_at, made.released_by = final.id, now, actor.name
    center.status, center.released_by, center.released_at = "released", actor.name, now
    session.flush()
    audit.append(session, actor, "assessments:center:release", "Center", center.code, after={"ratings": len(finals)})
    for row in people.values():
        values = {"center": center.name_th}
        notify(
            session, row.officer.account_id, "assessments:center:released", values, f"/centers/{center.code}/own/report"
        )
    return len(finals)


def _key(center: Center, participant: CenterParticipant) -> str:
    return f"{center.code}/{participant.officer.officer_no}"
