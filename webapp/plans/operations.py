"""What happens to a development plan: begun, written, proposed, agreed or returned, carried out, closed. All of it audited."""

import datetime as dt
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from webapp import audit, clock
from webapp.audit import Actor
from webapp.careers.models import Post
from webapp.errors import Conflict, NotFound, RuleBroken
from webapp.notices.operations import notify
from webapp.officers.models import Officer
from webapp.plans import queries, rules
from webapp.plans.models import DevelopmentPlan, PlanEdition, PlanItem, PlanNote

YEAR = dt.timedelta(days=364)
"""How long a plan begun without saying so runs (ours): a year, as the yearly appraisal does."""


def begin(
    session: Session, actor: Actor, officer: Officer, post: Post, *, starts_on: dt.date | None = None,
    ends_on: dt.date | None = None, aim: str = "",
) -> DevelopmentPlan:  # fmt: skip
    """Begin the officer's plan for a post, as a draft. Raises ``RuleBroken`` for a second open plan for the same post."""
    starts_on = starts_on or clock.today()
    ends_on = ends_on or starts_on + YEAR
    rules.check_period(starts_on, ends_on)
    if queries.open_plan_for(session, officer.id, post.id) is not None:
        raise RuleBroken("ท่านมีแผนสำหรับตำแหน่งนี้อยู่แล้ว กรุณาแก้ไขแผนเดิม หรือปิดแผนเดิมก่อน")
    now = clock.now()
    plan = DevelopmentPlan(
        officer_id=officer.id, post_id=post.id, state="draft", begun_by=actor.name, begun_at=now, changed_at=now
    )
    try:
        with session.begin_nested():
            session.add(plan)
            session.flush()
    except IntegrityError:
        raise Conflict("มีแผนสำหรับตำแหน่งนี้อยู่แล้ว กรุณาเปิดหน้าใหม่") from None
    session.add(
        PlanEdition(
            plan_id=plan.id, officer_id=officer.id, number=1, state="draft", starts_on=starts_on, ends_on=ends_on, aim=aim
        )
    )  # fmt: skip
    session.flush()
    audit.append(
        session, actor, "plans:plan:begin", "DevelopmentPlan", plan.id,
        after={"officer_no": officer.officer_no, "post": post.code, "starts_on": starts_on, "ends_on": ends_on},
    )  # fmt: skip
    return plan


def change_frame(
    session: Session,
    actor: Actor,
    plan: DevelopmentPlan,
    *,
    version: int,
    starts_on: dt.date,
    ends_on: dt.date,
    aim: str,
) -> None:
    """Change the aim and the period. Of an agreed plan this begins its next version."""
    _check_version(plan, version)
    rules.check_period(starts_on, ends_on)
    edition = _to_write(session, plan)
    before = {"starts_on": edition.starts_on, "ends_on": edition.ends_on, "aim": edition.aim}
    edition.starts_on, edition.ends_on, edition.aim = starts_on, ends_on, aim
    for item in _items(session, edition):
        rules.check_line(edition, action=item.action, due_on=item.due_on)
    _touch(session, plan)
    after = {"starts_on": starts_on, "ends_on": ends_on, "aim": aim, "edition": edition.number}
    audit.append(session, actor, "plans:plan:change", "DevelopmentPlan", plan.id, before=before, after=after)


def add_line(
    session: Session, actor: Actor, plan: DevelopmentPlan, *, version: int | None = None, **content: Any
) -> PlanItem:
    """Add an item. A gap that the plan answers already is not added twice: the item that stands is returned.

    Raises ``RuleBroken`` for a full plan or what the rules refuse, ``Conflict`` for a stale page.
    """
    if version is not None:
        _check_version(plan, version)
    edition = _to_write(session, plan)
    standing = _items(session, edition)
    code = content.get("gap_code", "")
    for item in standing:
        if version is None and code and (item.gap_kind, item.gap_code) == (content["gap_kind"], code):
            return item
    if len(standing) >= rules.MOST_LINES:
        raise RuleBroken("แผนหนึ่งฉบับมีได้ไม่เกิน %(most)s รายการ", most=rules.MOST_LINES)
    rules.check_line(edition, action=content["action"], due_on=content.get("due_on"))
    last = session.scalar(
        select(func.max(PlanItem.line))
        .join(PlanEdition, PlanEdition.id == PlanItem.edition_id)
        .where(PlanEdition.plan_id == plan.id)
    )
    item = PlanItem(edition_id=edition.id, line=(last or 0) + 1, **content)
    session.add(item)
    _touch(session, plan)
    audit.append(
        session, actor, "plans:item:add", "DevelopmentPlan", plan.id,
        after={"line": item.line, "edition": edition.number, **_said(item)},
    )  # fmt: skip
    return item


def change_line(
    session: Session, actor: Actor, plan: DevelopmentPlan, line: int, *, version: int, **content: Any
) -> PlanItem:
    """Change an item. Of an agreed plan this begins its next version."""
    _check_version(plan, version)
    edition = _to_write(session, plan)
    item = _item(session, edition, line)
    rules.check_line(edition, action=content["action"], due_on=content.get("due_on"))
    before = _said(item)
    for name, value in content.items():
        setattr(item, name, value)
    _touch(session, plan)
    audit.append(
        session, actor, "plans:item:change", "DevelopmentPlan", plan.id,
        before={"line": line, **before}, after={"line": line, "edition": edition.number, **_said(item)},
    )  # fmt: skip
    return item


def remove_line(session: Session, actor: Actor, plan: DevelopmentPlan, line: int, *, version: int) -> None:
    """Take an item out of the version being written; agreed versions keep theirs."""
    _check_version(plan, version)
    edition = _to_write(session, plan)
    item = _item(session, edition, line)
    before = {"line": line, **_said(item)}
    session.delete(item)
    _touch(session, plan)
    audit.append(session, actor, "plans:item:remove", "DevelopmentPlan", plan.id, before=before)


def discard_change(session: Session, actor: Actor, plan: DevelopmentPlan, *, version: int) -> None:
    """Give up a change of an agreed plan: the agreed version stays, the draft is kept as superseded."""
    _check_version(plan, version)
    newest = queries.newest_of(_editions(session, plan))
    if newest.number == 1 or newest.state not in ("draft", "returned"):
        raise RuleBroken("ไม่มีร่างการแก้ไขให้ยกเลิก")
    newest.state = "superseded"
    _touch(session, plan)
    audit.append(session, actor, "plans:plan:discard", "DevelopmentPlan", plan.id, after={"edition": newest.number})


def propose(
    session: Session, actor: Actor, plan: DevelopmentPlan, *, version: int, asked: Officer | None, change: str = ""
) -> None:
    """Ask mentor or head to agree. Raises ``RuleBroken`` for what is missing, or somebody who is neither."""
    _check_version(plan, version)
    edition = queries.newest_of(_editions(session, plan))
    rules.check_may_write(edition, plan.closed_at is not None)
    rules.check_proposal(edition, _items(session, edition), change=change, asked=asked is not None)
    officer = session.get_one(Officer, plan.officer_id)
    if asked is None or all(asked.id != one.id for one, _how in queries.may_be_asked(session, officer)):
        raise RuleBroken("ขอความเห็นชอบได้จากพี่เลี้ยงหรือผู้บังคับบัญชาของท่านเท่านั้น")
    edition.state, edition.proposed_at, edition.asked_id = "proposed", clock.now(), asked.id
    edition.change_reason = change
    edition.decided_by, edition.decided_by_id, edition.decided_at, edition.decided_reason = "", None, None, ""
    _touch(session, plan)
    audit.append(
        session, actor, "plans:plan:propose", "DevelopmentPlan", plan.id,
        after={"edition": edition.number, "asked": asked.officer_no, "items": _contents(session, edition)}, reason=change,
    )  # fmt: skip
    notify(session, asked.account_id, "plans:plan:proposed", {"officer": officer.name_th}, f"/plans/{plan.id}")


def take_back(session: Session, actor: Actor, plan: DevelopmentPlan, *, version: int) -> None:
    """Take a proposal back while nobody has decided."""
    _check_version(plan, version)
    edition = queries.newest_of(_editions(session, plan))
    if edition.state != "proposed":
        raise RuleBroken("แผนนี้ไม่ได้รอความเห็นชอบ จึงถอนการเสนอไม่ได้")
    edition.state, edition.proposed_at = "draft", None
    _touch(session, plan)
    audit.append(session, actor, "plans:plan:take-back", "DevelopmentPlan", plan.id, after={"edition": edition.number})


def decide(
    session: Session,
    actor: Actor,
    plan: DevelopmentPlan,
    *,
    version: int,
    decider_id: int,
    agree: bool,
    reason: str = "",
) -> None:
    """Mentor or head agree, or return with a reason. ``decider_id`` is the officer behind the actor.

    Agreed, the version takes the place of the one agreed before. Raises ``RuleBroken`` for one's own plan.
    """
    _check_version(plan, version)
    editions = _editions(session, plan)
    edition = queries.newest_of(editions)
    rules.check_decision(edition, own=decider_id == plan.officer_id, agree=agree, reason=reason)
    if agree:
        for older in editions:
            if older.state == "agreed":
                older.state = "superseded"
        session.flush()
    edition.decided_by, edition.decided_by_id, edition.decided_at = actor.name, decider_id, clock.now()
    edition.decided_reason, edition.state = reason, "agreed" if agree else "returned"
    _touch(session, plan)
    audit.append(
        session, actor, f"plans:plan:{'agree' if agree else 'return'}", "DevelopmentPlan", plan.id,
        after={"edition": edition.number, "items": _contents(session, edition)}, reason=reason,
    )  # fmt: skip
    kind = "plans:plan:agreed" if agree else "plans:plan:returned"
    owner = session.get_one(Officer, plan.officer_id)
    notify(session, owner.account_id, kind, {"who": actor.name}, f"/plans/{plan.id}")


def note(
    session: Session, actor: Actor, plan: DevelopmentPlan, line: int, *, kind: str, text: str, own: bool, key: str
) -> PlanNote:
    """Note progress on an item: its owner also says done or not done; mentor and head comment.

    Sent twice with the same key, it is written once. Raises ``RuleBroken`` while no version is agreed.
    """
    known = session.scalar(select(PlanNote).where(PlanNote.key == key, PlanNote.plan_id == plan.id))
    if known is not None:
        return known
    if not own and kind != "note":
        raise RuleBroken("เจ้าของแผนเท่านั้นที่บันทึกว่าทำแล้วหรือไม่ได้ทำ")
    agreed = next((one for one in _editions(session, plan) if one.state == "agreed"), None)
    before = queries.notes_of(session, [plan.id]).get((plan.id, line), [])
    now = rules.line_state([one.kind for one in before])
    rules.check_progress(agreed=agreed is not None, closed=plan.closed_at is not None, kind=kind, text=text, now=now)
    if agreed is None or line not in {item.line for item in _items(session, agreed)}:
        raise NotFound()
    made = PlanNote(
        plan_id=plan.id, line=line, kind=kind, text=text, written_by=actor.name, written_by_id=actor.account_id,
        written_at=clock.now(), key=key,
    )  # fmt: skip
    session.add(made)
    session.flush()
    if plan.state == "agreed":
        plan.state = "in-progress"
    audit.append(
        session, actor, "plans:item:note", "DevelopmentPlan", plan.id, before={"line": line, "state": now},
        after={"line": line, "kind": kind, "text": text},
    )  # fmt: skip
    owner = session.get_one(Officer, plan.officer_id)
    asked = None if agreed.asked_id is None else session.get_one(Officer, agreed.asked_id)
    told = asked.account_id if own and asked is not None else owner.account_id
    notify(session, told, "plans:item:noted", {"who": actor.name}, f"/plans/{plan.id}#line-{line}")
    return made


def close(session: Session, actor: Actor, plan: DevelopmentPlan, *, version: int, own: bool, text: str) -> None:
    """Close a plan: mentor or head with what came of it, or its owner with the reason for ending it."""
    _check_version(plan, version)
    editions = _editions(session, plan)
    agreed = any(one.state == "agreed" for one in editions)
    how = rules.check_close(closed=plan.closed_at is not None, agreed=agreed, own=own, text=text)
    before = plan.state
    plan.state, plan.closed_at, plan.closed_by, plan.closed_how = "closed", clock.now(), actor.name, how
    plan.review = text
    _touch(session, plan)
    audit.append(
        session, actor, "plans:plan:close", "DevelopmentPlan", plan.id, before={"state": before}, after={"how": how},
        reason=text,
    )  # fmt: skip
    if not own:
        owner = session.get_one(Officer, plan.officer_id)
        notify(session, owner.account_id, "plans:plan:closed", {"who": actor.name}, f"/plans/{plan.id}")


# What they share -----------------------------------------------------------------------------------------------------


def _editions(session: Session, plan: DevelopmentPlan) -> list[PlanEdition]:
    return queries.editions_of(session, [plan.id])[plan.id]


def _items(session: Session, edition: PlanEdition) -> list[PlanItem]:
    return queries.items_of(session, [edition.id]).get(edition.id, [])


def _item(session: Session, edition: PlanEdition, line: int) -> PlanItem:
    for item in _items(session, edition):
        if item.line == line:
            return item
    raise NotFound()


def _to_write(session: Session, plan: DevelopmentPlan) -> PlanEdition:
    """The version that may be written: the draft or returned one; of an agreed plan a new one with the same content."""
    editions = _editions(session, plan)
    newest = queries.newest_of(editions)
    rules.check_may_write(newest, plan.closed_at is not None)
    if newest.state != "agreed":
        return newest
    made = PlanEdition(
        plan_id=plan.id, officer_id=plan.officer_id, number=max(one.number for one in editions) + 1, state="draft",
        starts_on=newest.starts_on, ends_on=newest.ends_on, aim=newest.aim,
    )  # fmt: skip
    session.add(made)
    session.flush()
    for item in _items(session, newest):
        session.add(
            PlanItem(edition_id=made.id, line=item.line, **{name: getattr(item, name) for name in queries.CONTENT})
        )
    session.flush()
    return made


def _touch(session: Session, plan: DevelopmentPlan) -> None:
    """Bring the plan's state up to date, and its version, so that whoever read it before is told."""
    session.flush()
    editions = _editions(session, plan)
    progress = session.scalar(select(PlanNote.id).where(PlanNote.plan_id == plan.id).limit(1)) is not None
    plan.state = rules.state_of(
        queries.newest_of(editions).state, agreed_before=any(one.state == "agreed" for one in editions),
        progress=progress, closed=plan.closed_at is not None,
    )  # fmt: skip
    plan.changed_at = clock.now()
    flag_modified(plan, "changed_at")
    session.flush()


def _said(item: PlanItem) -> dict[str, Any]:
    return {name: getattr(item, name) for name in queries.CONTENT}


def _contents(session: Session, edition: PlanEdition) -> list[dict[str, Any]]:
    return [{"line": item.line, **_said(item)} for item in _items(session, edition)]


def _check_version(plan: DevelopmentPlan, version: int) -> None:
    if version != plan.version:
        raise Conflict("แผนนี้ถูกเปลี่ยนไปแล้วตั้งแต่ท่านเปิดหน้านี้ กรุณาเปิดหน้าใหม่แล้วตรวจสอบอีกครั้ง")
