"""Standard setting: staff's panels with rounds, spread and the adopted cut; a judge's own page."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp import charts, clock
from webapp.accounts.access import current_actor, requires
from webapp.assessments.bank.presenting import without_key
from webapp.assessments.bank.queries import item_by_code, picture
from webapp.assessments.bank.shown import rich_for
from webapp.assessments.exams.figures import operations, panels, standard_book
from webapp.assessments.exams.figures.panels import PanelAt, RoundAt
from webapp.assessments.exams.marking.pages import this_exam, tried
from webapp.assessments.views import blueprint, points
from webapp.database import db
from webapp.errors import NotFound, RuleBroken
from webapp.fields import read_points
from webapp.files.operations import XLSX
from webapp.files.sending import send
from webapp.language import language

PANEL = "/exams/<code>/standard/<int:number>"
ACTS = ("open", "close", "propose", "decide")


@blueprint.get("/exams/<code>/standard")
@requires("assessments:exam:list")
def standard_panels(code: str) -> Any:
    """Where the pass mark comes from: what is adopted, and every panel."""
    exam = this_exam(code)
    return render_template(
        "assessments/exams/figures/panels.html",
        exam=exam,
        panels=panels.panels_of(db.session, exam),
        rounded=operations.rounded,
    )


@blueprint.route("/exams/<code>/standard/new", methods=["GET", "POST"])
@requires("assessments:exam:change")
def standard_new(code: str) -> Any:
    """Name a panel."""
    exam = this_exam(code)
    problem = ""
    if request.method == "POST":
        ids = [int(one) for one in request.form.getlist("judge") if one.isdigit()]
        made, problem = tried(lambda: operations.found_panel(
            db.session, current_actor(), exam, borderline=request.form.get("borderline", ""),
            judges=operations.judges_named(db.session, ids),
        ))  # fmt: skip
        if not problem:
            flash(_("ตั้งคณะผู้ตัดสินแล้ว และแจ้งทุกคน ขั้นต่อไปเปิดรอบแรก"), "good")
            return redirect(url_for(".standard_panel", code=code, number=made.id), 303)
        exam = this_exam(code)
    page = render_template(
        "assessments/exams/figures/panel_new.html", exam=exam, offered=panels.who_may_judge(db.session), problem=problem,
        typed=request.form, chosen=request.form.getlist("judge"),
    )  # fmt: skip
    return page, 422 if problem else 200


@blueprint.get(PANEL)
@requires("assessments:exam:list")
def standard_panel(code: str, number: int) -> Any:
    """One panel: its judges, its rounds, how far they lie apart, and what was proposed and adopted."""
    return _panel_page(code, number, "")


def _panel_page(code: str, number: int, problem: str) -> Any:
    exam = this_exam(code)
    at = panels.panel_at(db.session, exam, number)
    closed = at.closed_rounds
    asked = request.args.get("round", type=int)
    shown = next((one for one in closed if one.round.number == asked), closed[-1] if closed else None)
    page = render_template(
        "assessments/exams/figures/panel.html", exam=exam, at=at, shown=shown, rounded=operations.rounded,
        facility=panels.facilities(db.session, exam), picture=_picture(at) if closed else None, problem=problem,
        typed=request.form, own=current_actor().account_id, fewest=operations.FEWEST_JUDGES,
    )  # fmt: skip
    return page, 422 if problem else 200


def _picture(at: PanelAt) -> charts.Picture:
    """Every judge's cut, round by round, and the panel's."""
    series = [
        (_("รอบที่ %(number)s", number=one.round.number), _cuts(at, one), float(one.found.percent))
        for one in at.closed_rounds if one.found is not None
    ]  # fmt: skip
    last = at.closed_rounds[-1].found
    sentence = _("เกณฑ์ของผู้ตัดสินแต่ละคนในแต่ละรอบ เป็นร้อยละของคะแนนเต็ม เส้นคือค่าเฉลี่ยของคณะ")
    if last is not None:
        sentence += " " + _("รอบล่าสุดได้ร้อยละ %(cut)s", cut=operations.rounded(last.percent))
    return charts.dots_by_round(series, title=_("เกณฑ์ของผู้ตัดสินแต่ละคน"), sentence=sentence)


def _cuts(at: PanelAt, one: RoundAt) -> list[tuple[str, float]]:
    whole = sum(question.weight for question in at.questions)
    if one.found is None or not whole:
        return []
    return [(judge.name, float(100 * cut / whole)) for judge, cut in zip(one.judges, one.found.cuts, strict=True)]


@blueprint.post(f"{PANEL}/<any({','.join(ACTS)}):act>")
@requires("assessments:exam:change")
def standard_act(code: str, number: int, act: str) -> Any:
    """Open or close a round, propose a cut, adopt it or turn it down."""
    exam = this_exam(code)
    at = panels.panel_at(db.session, exam, number)
    said, problem = tried(lambda: _do(at, act))
    if problem:
        return _panel_page(code, number, problem)
    flash(said, "good")
    return redirect(url_for(".standard_panel", code=code, number=number), 303)


def _do(at: PanelAt, act: str) -> str:
    session, actor, form = db.session, current_actor(), request.form
    if act == "open":
        made = operations.open_round(session, actor, at)
        return str(_("เปิดรอบที่ %(number)s แล้ว และแจ้งผู้ตัดสินทุกคน", number=made.number))
    if act == "close":
        operations.close_round(session, actor, at, note=form.get("note", ""))
        return str(_("ปิดรอบแล้ว"))
    if act == "propose":
        percent = _typed_percent(form.get("percent", ""))
        operations.propose(session, actor, at, form.get("round", type=int) or 0, percent, reason=form.get("reason", ""))
        return str(_("เสนอเกณฑ์แล้ว รอเจ้าหน้าที่อีกคนพิจารณา"))
    adopt = form.get("decision") == "adopt"
    operations.decide(
        session, actor, at, adopt=adopt, reason=form.get("reason", ""), seen=form.get("proposal", type=int) or 0
    )
    return str(_("รับเป็นเกณฑ์ผ่านของการสอบแล้ว") if adopt else _("บันทึกว่าไม่รับเกณฑ์นี้แล้ว"))


def _typed_percent(text: str) -> Any:
    try:
        return read_points(text)
    except ValueError:
        raise RuleBroken("พิมพ์เป็นตัวเลข เช่น 7 หรือ 7.5") from None


@blueprint.get(f"{PANEL}.xlsx")
@requires("assessments:exam:list")
def standard_panel_book(code: str, number: int) -> Any:
    """Every closed round with every judge's estimates, as a workbook."""
    exam = this_exam(code)
    at = panels.panel_at(db.session, exam, number)
    if not at.closed_rounds:
        raise NotFound()
    content = standard_book.workbook(at, panels.facilities(db.session, exam), created=clock.now(), language=language())
    heads = {"Content-Disposition": f'attachment; filename="exam-{exam.id}-standard-{number}.xlsx"'}
    return Response(content, mimetype=XLSX, headers=heads)


# A judge's own pages


@blueprint.get("/my/standards")
@requires("assessments:standard:judge")
def my_standards() -> Any:
    """The panels that name me, and which wait for me."""
    rows = panels.own_panels(db.session, current_actor().account_id)
    return render_template("assessments/exams/figures/my_standards.html", rows=rows)


@blueprint.route("/my/standards/<int:number>", methods=["GET", "POST"])
@requires("assessments:standard:judge")
def my_standard(number: int) -> Any:
    """My estimates: question by question, without the others' of this round; with those of the rounds before."""
    at, judge = panels.own_panel(db.session, number, current_actor().account_id)
    problem = ""
    if request.method == "POST":
        submit = request.form.get("action") == "submit"
        typed = {q.version_id: request.form.get(f"q-{place}", "") for place, q in enumerate(at.questions)}
        _made, problem = tried(lambda: operations.estimate(
            db.session, current_actor(), at, judge, typed, submit=submit, seen=request.form.get("seen", "")
        ))  # fmt: skip
        if not problem:
            flash(_("ส่งค่าประเมินแล้ว") if submit else _("เก็บร่างแล้ว ยังไม่ได้ส่ง"), "good")
            return redirect(url_for(".my_standard", number=number), 303)
        at, judge = panels.own_panel(db.session, number, current_actor().account_id)
    opened = at.open_round
    mine = opened.judgements.get(judge.id) if opened is not None else None
    before = at.closed_rounds[-1] if at.closed_rounds else None
    own_before = before.judgements.get(judge.id) if before is not None else None
    filled = mine or own_before
    values = {
        place: request.form.get(f"q-{place}", "") if problem
        else (filled.estimates.get(str(q.version_id), "") if filled is not None else "")
        for place, q in enumerate(at.questions)
    }  # fmt: skip
    page = render_template(
        "assessments/exams/figures/my_standard.html", at=at, judge=judge, opened=opened, mine=mine, before=before,
        own_before=own_before, values=values, problem=problem, seen=operations.draft_mark(mine),
        facility=panels.facilities(db.session, at.exam) if before is not None else {}, rounded=operations.rounded,
        rich=rich_for(lambda sha256: url_for(".my_standard_picture", number=number, sha256=sha256)), points=points,
    )  # fmt: skip
    return page, 422 if problem else 200


@blueprint.get("/my/standards/<int:number>/pictures/<sha256>")
@requires("assessments:standard:judge")
def my_standard_picture(number: int, sha256: str) -> Any:
    """A picture of a question that is being judged, but not one of its key."""
    at, _judge = panels.own_panel(db.session, number, current_actor().account_id)
    for question in at.questions:
        if sha256 in str(without_key(question.document)):
            return send(picture(db.session, item_by_code(db.session, question.code), sha256).file)
    raise NotFound()
