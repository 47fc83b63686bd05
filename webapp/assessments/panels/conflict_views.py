"""A member's statement on conflicts of interest; what staff record of them, substitutes, training and the panel's figures."""

from decimal import Decimal, InvalidOperation
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp import thai
from webapp.accounts.access import current_actor, requires
from webapp.accounts.models import Account
from webapp.assessments.desk import Desk, open_desk
from webapp.assessments.models import PanelMember
from webapp.assessments.panels import conflicts, operations, queries, settings
from webapp.assessments.panels.conflicts import Said, covered, state
from webapp.assessments.panels.rules import DECLARED
from webapp.assessments.panels.views import PANEL, marks_them, own_desk
from webapp.assessments.panels.words import RELATION_WORDS
from webapp.assessments.views import blueprint, place, said
from webapp.courses.models import Cohort
from webapp.database import db
from webapp.errors import NotFound, Refused, RuleBroken

LINES = 4
"""Lines for names where marking is blind; more can be stated in a second statement."""


@blueprint.route(f"{PANEL}/conflicts", methods=["GET", "POST"])
@requires("assessments:score:enter")
def state_conflicts(member_id: int) -> Any:
    """Before the first mark: whom the member cannot judge. Where marking is blind, names are typed and nobody is shown."""
    member = queries.own_member(db.session, member_id, current_actor().account_id)
    shown = own_desk(member)
    problem = ""
    if request.method == "POST":
        problem = _stated(member, shown)
        if not problem:
            flash(_("บันทึกการแจ้งส่วนได้เสียแล้ว"), "good")
            return redirect(url_for(".marking", member_id=member_id), 303)
        member = queries.own_member(db.session, member_id, current_actor().account_id)
        shown = own_desk(member)
    before = covered(db.session, member)
    people = (
        []
        if shown.blind
        else [p for p in shown.people.values() if p.account_id is None or p.account_id != member.account_id]
    )
    page = render_template(
        "assessments/state_conflicts.html", member=member, desk=shown, people=people, before=before, problem=problem,
        typed=request.form, relations=[(code, RELATION_WORDS[code]) for code in DECLARED], words=RELATION_WORDS, lines=LINES,
        new=[p for p in people if p.enrollment_id not in before and marks_them(member, shown, p)] if before else [],
    )  # fmt: skip
    return page, 422 if problem else 200


def _stated(member: PanelMember, shown: Desk) -> str:
    """Record what was stated; returns why not, if not."""
    if not request.form.get("sure"):
        return _("โปรดยืนยันว่าได้แจ้งครบถ้วนตามจริง")
    found: list[Said] = []
    if shown.blind:
        for number in range(LINES):
            who, relation = (
                request.form.get(f"who-{number}", "").strip()[:200],
                request.form.get(f"relation-{number}", ""),
            )
            if who:
                found.append(Said(relation or "other", request.form.get(f"note-{number}", "")[:500], who=who))
    else:
        for number, person in shown.people.items():
            relation = request.form.get(f"relation-{person.handle}", "")
            if relation:
                found.append(Said(relation, request.form.get(f"note-{person.handle}", "")[:500], number))
    cohort = db.session.get_one(Cohort, member.cohort_id)
    try:
        state(
            db.session, current_actor(), member, open_desk(db.session, cohort, member.purpose, member.component), found
        )
        db.session.commit()
    except RuleBroken as refused:
        db.session.rollback()
        return said(refused)
    return ""


@blueprint.post("/cohorts/<code>/scores/<component>/panel/pair")
@requires("assessments:panel:change")
def change_pair(code: str, component: str) -> Any:
    """Staff keep a member from a person, undo that, or name somebody in the member's place; each with its reason."""
    cohort, purpose = place(code)
    desk = open_desk(db.session, cohort, purpose, component)
    actor, reason = current_actor(), request.form.get("reason", "")[:2000]
    person = request.form.get("person", type=int) or 0
    if person not in desk.people:
        raise NotFound()
    try:
        match request.form.get("action"):
            case "replace":
                account = db.session.get(Account, request.form.get("account", type=int) or 0)
                if account is None:
                    raise RuleBroken("เลือกผู้ประเมินที่จะให้คะแนนแทน")
                known = next(
                    (row for row in desk.panel if row.account_id == account.id and row.recused_at is None), None
                )
                member = known or operations.name_member(
                    db.session, actor, cohort, component, account, purpose=purpose, substitute=True
                )
                desk = open_desk(db.session, cohort, purpose, component)
                conflicts.put_in_place(db.session, actor, desk, member, person)
                words = _("แต่งตั้ง %(name)s ให้คะแนนแทนแล้ว", name=member.name)
            case "lift":
                conflicts.lift(db.session, actor, desk, _member(desk), person, note=reason)
                words = _("ยกเลิกแล้ว ของเดิมยังอยู่ในประวัติ")
            case _:
                conflicts.keep_apart(
                    db.session, actor, desk, _member(desk), person, request.form.get("relation", ""), note=reason
                )
                words = _("บันทึกส่วนได้เสียแล้ว")
        db.session.commit()
    except Refused as refused:
        return _refused(refused, code, component, purpose)
    flash(words, "good")
    return redirect(_panel(code, component, purpose), 303)


@blueprint.post("/cohorts/<code>/scores/<component>/panel/figure")
@requires("assessments:panel:change")
def change_figure(code: str, component: str) -> Any:
    """Set a figure of the panel, with its reason."""
    cohort, purpose = place(code)
    desk = open_desk(db.session, cohort, purpose, component)
    try:
        typed = thai.arabic_digits(request.form.get("value", "")).strip()
        try:
            if not typed or not set(typed) <= set("0123456789."):
                raise InvalidOperation
            value = Decimal(typed)
        except InvalidOperation:
            raise RuleBroken("พิมพ์ค่าเป็นตัวเลข เช่น 20") from None
        settings.set_figure(
            db.session,
            current_actor(),
            desk,
            request.form.get("kind", ""),
            value,
            reason=request.form.get("reason", "")[:2000],
        )
        db.session.commit()
    except Refused as refused:
        return _refused(refused, code, component, purpose)
    flash(_("บันทึกค่าพร้อมเหตุผลแล้ว"), "good")
    return redirect(_panel(code, component, purpose), 303)


@blueprint.post("/cohorts/<code>/scores/<component>/panel/training")
@requires("assessments:panel:change")
def record_training(code: str, component: str) -> Any:
    """Record the day on which a member was trained as an assessor."""
    cohort, purpose = place(code)
    desk = open_desk(db.session, cohort, purpose, component)
    try:
        account = db.session.get(Account, _member(desk).account_id or 0)
        if account is None:
            raise NotFound()
        day = thai.parse_day(request.form.get("trained_on", ""))
        settings.record_training(db.session, current_actor(), account, day, course=request.form.get("course", "")[:300])
        db.session.commit()
    except Refused as refused:
        return _refused(refused, code, component, purpose)
    flash(_("บันทึกการอบรมของ %(name)s แล้ว", name=account.name), "good")
    return redirect(_panel(code, component, purpose), 303)


def _member(desk: Desk) -> PanelMember:
    number = request.form.get("member", type=int)
    found = next((row for row in desk.panel if row.id == number), None)
    if found is None:
        raise NotFound()
    return found


def _refused(refused: Refused, code: str, component: str, purpose: str) -> Any:
    if refused.status == 404:
        raise refused
    db.session.rollback()
    flash(said(refused), "bad")
    return redirect(_panel(code, component, purpose), 303)


def _panel(code: str, component: str, purpose: str) -> str:
    return url_for(".panel", code=code, component=component, purpose=None if purpose == "ranking" else purpose)
