"""Pages that change posts: the post itself, its seats, and the rule of its paths with the decisions that lift it."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp import clock
from webapp.accounts.access import current_actor, may_any, requires
from webapp.careers import organization_forms as forms
from webapp.careers import organization_operations as operations
from webapp.careers import organization_queries, path_forms, path_operations, path_queries, queries, words
from webapp.careers.changing import CHANGE, carried_out, form_page, grade_choices, split_grade
from webapp.careers.checklist import Item, PostFacts, checklist
from webapp.careers.forms import ReasonForm
from webapp.careers.models import JobProfile, Post
from webapp.careers.operations import fingerprint
from webapp.careers.organization_views import change_form, retire_form, seen_of
from webapp.careers.pages import blueprint
from webapp.database import db

POST = operations.POST


def page_of_post(post: Post) -> str:
    """The post's own page."""
    return url_for("careers.post", code=post.code)


def crumbs_of(post: Post | None) -> list[tuple[str, str]]:
    """The way to a post's pages."""
    posts = (_("ตำแหน่งและเกณฑ์"), url_for("careers.posts"))
    return [posts] if post is None else [posts, (words.in_language(post), page_of_post(post))]


# The post ------------------------------------------------------------------------------------------------------------


def _form(row: Post | None) -> Any:
    data: dict[str, Any] = {}
    grade = ""
    if row is not None:
        grade = f"{row.position_type}/{row.level}" if row.position_type else ""
        data = {name: getattr(row, name) for name in POST.fields} | {"grade": grade, "seen": seen_of(POST, row)}
    form = forms.PostForm(data=data)
    levels = organization_queries.levels(db.session, retired=True)
    form.grade.choices = grade_choices(levels, _("ไม่กำหนด"), grade)
    if row is not None:
        del form.code
    return form


def _values(form: Any) -> dict[str, Any]:
    position_type, level = split_grade(form.grade.data)
    code = {"code": form.code.data or ""} if form.code is not None else {}
    return {
        **code, "name_th": form.name_th.data or "", "name_en": form.name_en.data or "",
        "position_type": position_type, "level": level, "is_target": bool(form.is_target.data),
        "is_key": bool(form.is_key.data), "heads_unit": bool(form.heads_unit.data),
    }  # fmt: skip


@blueprint.route("/posts/new", methods=["GET", "POST"])
@requires(CHANGE)
def add_post() -> Any:
    """Add a post; its page then says what else it needs."""
    back = url_for("careers.posts")
    return change_form(POST, None, _form(None), _values, to=page_of_post, back=back, crumbs=crumbs_of(None))


@blueprint.route("/posts/<path:code>/edit", methods=["GET", "POST"])
@requires(CHANGE)
def change_post(code: str) -> Any:
    """Change a post; never its code."""
    row = queries.post(db.session, code)
    page = page_of_post(row)
    return change_form(POST, row, _form(row), _values, to=page_of_post, back=page, crumbs=crumbs_of(row))


@blueprint.route("/posts/<path:code>/retire", methods=["GET", "POST"])
@requires(CHANGE)
def retire_post(code: str) -> Any:
    """Retire a post or put it back."""
    row = queries.post(db.session, code)
    return retire_form(POST, row, to=page_of_post(row), crumbs=crumbs_of(row))


# Seats ---------------------------------------------------------------------------------------------------------------


@blueprint.route("/posts/<path:code>/seats/new", methods=["GET", "POST"])
@requires(CHANGE)
def add_seats(code: str) -> Any:
    """Say how many seats a post has at every unit of a kind, or at one unit."""
    post = queries.post(db.session, code)
    form = forms.SeatForm()
    kinds = [(f"kind:{kind}", _("%(kind)s ทุกแห่ง", kind=name)) for kind, name in words.UNIT_KINDS.items()]
    units = [(f"unit:{row.code}", words.in_language(row)) for row in organization_queries.units_in_use(db.session)]
    form.where.choices = [*kinds, *units]

    def change() -> Any:
        where, _colon, value = (form.where.data or "").partition(":")
        return operations.add_seats(
            db.session, current_actor(), post, unit_kind=value if where == "kind" else "",
            unit_code=value if where == "unit" else "", seats=int(form.seats.data), reason=form.reason.data or "",
        )  # fmt: skip

    return _seats_answer(post, form, change, _("กำหนดอัตรา"))


@blueprint.route("/posts/<path:code>/seats/<int:number>/edit", methods=["GET", "POST"])
@requires(CHANGE)
def change_seats(code: str, number: int) -> Any:
    """Another number of seats, with its reason."""
    post = queries.post(db.session, code)
    row = organization_queries.seat(db.session, post.id, number)
    seen = fingerprint(operations.seats_as_told(row))
    form = forms.SeatForm(data={"seats": row.seats, "seen": seen})
    del form.where

    def change() -> Any:
        return operations.change_seats(
            db.session, current_actor(), post, row, seen=form.seen.data or "", seats=int(form.seats.data),
            reason=form.reason.data or "",
        )  # fmt: skip

    return _seats_answer(post, form, change, _("แก้ไขจำนวนอัตรา"))


def _seats_answer(post: Post, form: Any, change: Any, heading: str) -> Any:
    back = page_of_post(post) + "#facts"
    if form.validate_on_submit():
        answer = carried_out(form, change, _("บันทึกจำนวนอัตราแล้ว"), lambda _row: back)
        if answer:
            return answer
    return form_page(form, heading=heading, button=_("บันทึก"), back=back, crumbs=crumbs_of(post), thing=post)


# The rule of its paths -----------------------------------------------------------------------------------------------


@blueprint.route("/posts/<path:code>/path-rule", methods=["GET", "POST"])
@requires(CHANGE)
def set_path_rule(code: str) -> Any:
    """Rule that every path to this post passes through another."""
    post = queries.post(db.session, code)
    form = path_forms.RuleForm()
    others = [row for row in organization_queries.posts_in_use(db.session) if row.id != post.id]
    form.through_code.choices = [("", ""), *((row.code, words.in_language(row)) for row in others)]

    def change() -> Any:
        return path_operations.set_rule(
            db.session, current_actor(), post, through_code=form.through_code.data, source=form.source.data or "",
            reason=form.reason.data or "",
        )  # fmt: skip

    return _rule_answer(post, form, change, _("กำหนดตำแหน่งที่ทุกเส้นทางต้องผ่าน"), "")


@blueprint.route("/posts/<path:code>/path-rule/lift", methods=["GET", "POST"])
@requires(CHANGE)
def lift_path_rule(code: str) -> Any:
    """Record the decision that lifts the rule of this post for a time."""
    post = queries.post(db.session, code)
    form = path_forms.LiftForm(data={"valid_from": clock.today()})

    def change() -> Any:
        return path_operations.lift_rule(
            db.session, current_actor(), post, resolution=form.resolution.data or "", valid_from=form.valid_from.data,
            until=form.until.data, reason=form.reason.data or "",
        )  # fmt: skip

    warning = _("มติยกเว้นใช้กับตำแหน่งนี้ตำแหน่งเดียว และแสดงพร้อมผู้บันทึก เวลา และเหตุผลในทุกหน้าที่แสดงเส้นทาง")
    return _rule_answer(post, form, change, _("บันทึกมติยกเว้นกฎของเส้นทาง"), warning)


@blueprint.route("/posts/<path:code>/path-rule/lifts/<int:number>/withdraw", methods=["GET", "POST"])
@requires(CHANGE)
def withdraw_path_lift(code: str, number: int) -> Any:
    """Withdraw a decision that lifts the rule."""
    post = queries.post(db.session, code)
    lift = path_queries.lift(db.session, post.id, number)
    form = ReasonForm()

    def change() -> Any:
        return path_operations.withdraw_lift(db.session, current_actor(), post, lift, reason=form.reason.data or "")

    return _rule_answer(post, form, change, _("ยกเลิกมติยกเว้น"), "")


def _rule_answer(post: Post, form: Any, change: Any, heading: str, warning: str) -> Any:
    back = page_of_post(post) + "#path-rule"
    if form.validate_on_submit():
        answer = carried_out(form, change, _("บันทึกแล้ว"), lambda _row: back)
        if answer:
            return answer
    return form_page(
        form, heading=heading, button=_("บันทึก"), back=back, crumbs=crumbs_of(post), thing=post, warning=warning
    )


# What a target post needs --------------------------------------------------------------------------------------------

LINES = {
    "level": (_l("ประเภทและระดับของตำแหน่ง"), _l("กำหนด")),
    "target": (_l("ทำเครื่องหมายเป็นตำแหน่งเป้าหมาย"), _l("ทำเครื่องหมาย")),
    "seats": (_l("จำนวนอัตราและเหตุผล"), _l("กำหนด")),
    "profile": (_l("แบบสังเขปประสบการณ์และผลงานที่เผยแพร่แล้ว"), _l("จัดทำ")),
    "criteria": (_l("เกณฑ์คัดเลือก แต่ละข้อมีเหตุผล"), _l("จัดทำ")),
    "competencies": (_l("สมรรถนะที่คาดหวัง"), _l("จัดทำ")),
    "course": (_l("หลักสูตรที่เตรียมเข้าสู่ตำแหน่ง"), _l("เพิ่ม")),
    "entry": (_l("คุณสมบัติผู้เข้ารับการอบรม"), _l("จัดทำ")),
    "path": (_l("เส้นทางสู่ตำแหน่ง"), _l("เพิ่ม")),
}


def checklist_of(post: Post, profile: JobProfile | None, seats: list[queries.SeatRow], paths: int) -> list[Any]:
    """What the post needs, each line with its state and where it is done, for whoever may do it."""
    document = profile.document if profile is not None else {}
    draft = organization_queries.draft_version(db.session, post.id)
    items = checklist(
        PostFacts(
            has_level=bool(post.position_type and post.level),
            is_target=post.is_target,
            seats=sum(row.total for row in seats) if seats else None,
            published=profile.version if profile is not None else None,
            draft=draft,
            criteria=len((document.get("criteria") or {}).get("of", ())),
            competencies=len(document.get("competencies", ())),
            courses=organization_queries.courses_for(db.session, post.id),
            has_entry_rule=bool(document.get("course_entry")),
            paths=paths,
        )
    )
    may_change = may_any(CHANGE)
    return [
        {"title": LINES[item.key][0], "do": LINES[item.key][1], "state": item.state, "count": item.count,
         "url": _where(post, item, draft) if may_change else ""}
        for item in items
    ]  # fmt: skip


def _where(post: Post, item: Item, draft: int | None) -> str:
    """Where a line is done."""
    if item.key in ("level", "target"):
        return url_for("careers.change_post", code=post.code)
    if item.key == "seats":
        return url_for("careers.add_seats", code=post.code)
    if item.key == "course":
        return url_for("careers.add_course", post=post.code)
    if item.key == "path":
        return url_for("careers.add_path", post=post.code)
    if draft is not None:
        return url_for("careers.draft", code=post.code, version=draft)
    return url_for("careers.start_draft", code=post.code)
