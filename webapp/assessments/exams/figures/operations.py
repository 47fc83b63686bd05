"""What a standard-setting panel does: named, round after round, a cut proposed with its reason and adopted by another person."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp import audit, clock, thai
from webapp.accounts.models import Account
from webapp.assessments.bank.document import exact
from webapp.assessments.exams.figures.models import (
    StandardJudge,
    StandardJudgement,
    StandardPanel,
    StandardProposal,
    StandardRound,
)
from webapp.assessments.exams.figures.panels import Judged, PanelAt
from webapp.assessments.exams.handling import check_handles, sits
from webapp.assessments.exams.models import Exam
from webapp.assessments.ranking.scores import as_text, plain
from webapp.audit import Actor
from webapp.errors import Conflict, NotFound, RuleBroken
from webapp.notices.operations import notify

FEWEST_JUDGES = 2
"""With fewer there is no spread to judge the cut by."""


def found_panel(
    session: Session, actor: Actor, exam: Exam, *, borderline: str, judges: Sequence[Account]
) -> StandardPanel:  # fmt: skip
    """A panel with its judges by name, and the borderline candidate they imagine. Each judge is told."""
    check_handles(session, actor, exam)
    if exam.status not in ("ready", "closed"):
        raise RuleBroken("คณะผู้ตัดสินเกณฑ์ตั้งได้เมื่อยืนยันความพร้อมของข้อสอบแล้ว และก่อนประกาศผล")
    if not borderline.strip():
        raise RuleBroken("กรุณาบรรยายผู้ที่ผ่านเกณฑ์พอดี ว่าทำอะไรได้และทำอะไรยังไม่ได้")
    if len(judges) < FEWEST_JUDGES:
        raise RuleBroken("ต้องมีผู้ตัดสินอย่างน้อย %(least)s คน", least=FEWEST_JUDGES)
    for account in judges:
        if sits(session, account.id, exam):
            raise RuleBroken("%(name)s เป็นผู้เข้าสอบหรืออยู่ในรุ่นที่สอบ จึงเป็นผู้ตัดสินเกณฑ์ไม่ได้", name=account.name)
    panel = StandardPanel(
        exam_id=exam.id, borderline=borderline.strip()[:8000], created_by=actor.name, created_by_id=actor.account_id,
        created_at=clock.now(),
    )  # fmt: skip
    session.add(panel)
    session.flush()
    for account in judges:
        session.add(StandardJudge(
            panel_id=panel.id, account_id=account.id, name=account.name, named_by=actor.name, named_at=clock.now()
        ))  # fmt: skip
    session.flush()
    audit.append(
        session, actor, "assessments:standard:panel", "Exam", exam.code,
        after={"panel": panel.id, "judges": [account.name for account in judges], "borderline": panel.borderline},
    )  # fmt: skip
    for account in judges:
        notify(session, account.id, "assessments:standard:named", {"exam": exam.name_th}, f"/my/standards/{panel.id}")
    return panel


def open_round(session: Session, actor: Actor, at: PanelAt) -> StandardRound:
    """Begin the next round; one is open at a time. From the second on judges see what the others thought before."""
    check_handles(session, actor, at.exam)
    _unadopted(at)
    if at.open_round is not None:
        return at.open_round.round
    if not at.questions:
        raise RuleBroken("การสอบนี้ยังไม่มีข้อสอบให้ตัดสิน")
    made = StandardRound(
        panel_id=at.panel.id, number=len(at.rounds) + 1, opened_by=actor.name, opened_at=clock.now()
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        raise Conflict("มีผู้เปิดรอบในขณะเดียวกัน กรุณาเปิดหน้านี้ใหม่") from None
    audit.append(
        session,
        actor,
        "assessments:standard:open",
        "Exam",
        at.exam.code,
        after={"panel": at.panel.id, "round": made.number},
    )
    for judge in at.judges:
        values = {"exam": at.exam.name_th, "round": made.number}
        notify(session, judge.account_id, "assessments:standard:round", values, f"/my/standards/{at.panel.id}")
    return made


def estimate(
    session: Session, actor: Actor, at: PanelAt, judge: StandardJudge, typed: Mapping[int, str], *, submit: bool, seen: str
) -> StandardJudgement:  # fmt: skip
    """Keep the judge's estimates of the open round, per cent by question version; ``submit`` fixes them.

    A draft keeps what was typed. Raises ``RuleBroken`` naming the first question that is missing or no per cent, and
    ``Conflict`` where another page saved meanwhile (``seen``: when the page's draft was saved).
    """
    if actor.account_id is None or judge.account_id != actor.account_id:
        raise NotFound()
    opened = at.open_round
    if opened is None:
        raise RuleBroken("ไม่มีรอบที่เปิดให้ประเมินอยู่")
    mine = opened.judgements.get(judge.id)
    if mine is not None and mine.submitted_at is not None:
        raise RuleBroken("ท่านส่งค่าประเมินของรอบนี้แล้ว จึงแก้ไม่ได้ ปรับได้ในรอบถัดไป")
    if seen != draft_mark(mine):
        raise Conflict("ท่านเก็บร่างจากหน้าต่างอื่นแล้ว กรุณาเปิดหน้านี้ใหม่แล้วตรวจสอบ")
    kept = {str(q.version_id): thai.arabic_digits(typed.get(q.version_id, "")).strip()[:20] for q in at.questions}
    if submit:
        kept = {
            str(q.version_id): _percent(q, place, kept[str(q.version_id)]) for place, q in enumerate(at.questions, 1)
        }
    now = clock.now()
    if mine is None:
        mine = StandardJudgement(round_id=opened.round.id, judge_id=judge.id, estimates=kept, saved_at=now)
        try:
            with session.begin_nested():
                session.add(mine)
        except IntegrityError:
            raise Conflict("ท่านเก็บร่างจากหน้าต่างอื่นแล้ว กรุณาเปิดหน้านี้ใหม่แล้วตรวจสอบ") from None
    mine.estimates, mine.saved_at = kept, now
    if submit:
        mine.submitted_at = now
    session.flush()
    if submit:
        audit.append(
            session, actor, "assessments:standard:estimate", "Exam", at.exam.code,
            after={"panel": at.panel.id, "round": opened.round.number, "estimates": kept},
        )  # fmt: skip
    return mine


def draft_mark(mine: StandardJudgement | None) -> str:
    """What a page carries so that a stale one is known."""
    return "" if mine is None else mine.saved_at.isoformat()


def _percent(question: Judged, place: int, text: str) -> str:
    if not text:
        raise RuleBroken("ยังไม่ได้ประเมินข้อ %(place)s (%(code)s)", place=place, code=question.code)
    try:
        value = exact(text.replace(",", ""))
    except ValueError:
        raise RuleBroken("ข้อ %(place)s ต้องเป็นตัวเลขร้อยละ เช่น 60", place=place) from None
    if not 0 <= value <= 100:
        raise RuleBroken("ข้อ %(place)s ต้องอยู่ระหว่างร้อยละ 0 ถึง 100", place=place)
    return plain(value)


def close_round(session: Session, actor: Actor, at: PanelAt, *, note: str) -> StandardRound:
    """End the open round; ``note`` keeps what was discussed, and why somebody's estimates are missing, where they are."""
    check_handles(session, actor, at.exam)
    opened = at.open_round
    if opened is None:
        raise RuleBroken("ไม่มีรอบที่เปิดอยู่")
    if len(opened.judges) < FEWEST_JUDGES:
        raise RuleBroken("ยังมีผู้ส่งค่าประเมินไม่ถึง %(least)s คน จึงปิดรอบไม่ได้", least=FEWEST_JUDGES)
    if len(opened.judges) < len(at.judges) and not note.strip():
        raise RuleBroken("ยังมีผู้ตัดสินที่ไม่ได้ส่ง หากจะปิดรอบ กรุณาบันทึกเหตุผล")
    found = opened.round
    found.closed_by, found.closed_at, found.note = actor.name, clock.now(), note.strip()[:8000]
    session.flush()
    audit.append(
        session, actor, "assessments:standard:close", "Exam", at.exam.code,
        after={"panel": at.panel.id, "round": found.number, "judges": [judge.name for judge in opened.judges]},
        reason=note.strip()[:2000],
    )  # fmt: skip
    return found


def propose(
    session: Session, actor: Actor, at: PanelAt, number: int, percent: Decimal, *, reason: str
) -> StandardProposal:  # fmt: skip
    """Put a cut forward as the exam's pass mark: of which round, how many per cent, and why."""
    check_handles(session, actor, at.exam)
    _unadopted(at)
    chosen = at.round_numbered(number)
    if at.open_round is not None:
        raise RuleBroken("ปิดรอบที่เปิดอยู่ก่อนเสนอเกณฑ์")
    if at.open_proposal is not None:
        raise RuleBroken("มีเกณฑ์ที่เสนอไว้และรอผู้อื่นพิจารณาอยู่แล้ว")
    if chosen.found is None:
        raise NotFound()
    if not reason.strip():
        raise RuleBroken("การเสนอเกณฑ์ต้องระบุเหตุผล")
    if not 0 <= percent <= 100:
        raise RuleBroken("เกณฑ์ผ่านต้องอยู่ระหว่างร้อยละ 0 ถึง 100")
    made = StandardProposal(
        panel_id=at.panel.id, round_id=chosen.round.id, cut_percent=Decimal(rounded(chosen.found.percent)), percent=percent,
        reason=reason.strip()[:2000], proposed_by=actor.name, proposed_by_id=actor.account_id, proposed_at=clock.now(),
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        raise Conflict("มีเกณฑ์ที่เสนอไว้และรอผู้อื่นพิจารณาอยู่แล้ว") from None
    audit.append(
        session, actor, "assessments:standard:propose", "Exam", at.exam.code,
        after={"panel": at.panel.id, "round": number, "cut": str(made.cut_percent), "percent": str(percent)},
        reason=made.reason,
    )  # fmt: skip
    return made


def rounded(percent: Fraction) -> str:
    """A cut to hundredths, half up."""
    return as_text(percent, 2)


def decide(
    session: Session, actor: Actor, at: PanelAt, *, adopt: bool, reason: str, seen: int
) -> StandardProposal:  # fmt: skip
    """Adopt the proposed cut as the exam's pass mark, or turn it down with a reason. By a second person (promise 10)."""
    check_handles(session, actor, at.exam)
    found = at.open_proposal
    if found is None or found.id != seen:
        raise Conflict("ข้อเสนอนี้มีผู้พิจารณาไปแล้ว กรุณาเปิดหน้านี้ใหม่")
    if actor.account_id is not None and actor.account_id == found.proposed_by_id:
        raise RuleBroken("ท่านเป็นผู้เสนอเกณฑ์นี้ ขอให้เจ้าหน้าที่อีกคนพิจารณา")
    if not adopt and not reason.strip():
        raise RuleBroken("การไม่รับเกณฑ์ต้องระบุเหตุผล")
    if at.exam.status == "released":
        raise RuleBroken("ประกาศผลแล้ว จึงเปลี่ยนเกณฑ์ผ่านไม่ได้")
    before = at.exam.pass_percent
    found.adopted, found.decided_by, found.decided_by_id = adopt, actor.name, actor.account_id
    found.decided_at, found.decided_reason = clock.now(), reason.strip()[:2000]
    if adopt:
        at.exam.pass_percent, at.exam.pass_reason = found.percent, _where_from(session, at, found)
    session.flush()
    audit.append(
        session, actor, f"assessments:standard:{'adopt' if adopt else 'turn-down'}", "Exam", at.exam.code,
        before={"pass_percent": None if before is None else str(before)},
        after={"panel": at.panel.id, "proposal": found.id, "percent": str(found.percent)}, reason=reason.strip() or found.reason,
    )  # fmt: skip
    return found


def _where_from(session: Session, at: PanelAt, found: StandardProposal) -> str:
    """The exam's reason for its pass mark: from which panel and round, and why this number."""
    one = session.get_one(StandardRound, found.round_id)
    at_round = at.round_numbered(one.number)
    return (
        f"คณะผู้ตัดสินแบบ Angoff {len(at_round.judges)} คน รอบที่ {one.number} ได้ร้อยละ {plain(Fraction(found.cut_percent))} "
        f"เสนอโดย {found.proposed_by} รับโดย {found.decided_by}: {found.reason}"
    )


def _unadopted(at: PanelAt) -> None:
    if at.exam.status not in ("ready", "closed"):
        raise RuleBroken("ประกาศผลแล้ว จึงเปลี่ยนเกณฑ์ผ่านไม่ได้")


def judges_named(session: Session, ids: Sequence[int]) -> list[Account]:
    """The accounts of a form, by name."""
    return list(
        session.scalars(select(Account).where(Account.id.in_(ids), Account.active).order_by(Account.name, Account.id))
    )
