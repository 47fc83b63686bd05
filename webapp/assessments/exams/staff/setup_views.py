"""Setting an exam up: the blueprint, the paper as a candidate sees it, who marks its essays."""

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from webapp.accounts.access import current_actor, may_any, requires
from webapp.accounts.models import Account
from webapp.assessments.bank.shown import rich_for
from webapp.assessments.exams import setting, words
from webapp.assessments.exams.marking.pages import this_exam
from webapp.assessments.exams.models import Exam
from webapp.assessments.exams.staff import operations, paper, queries
from webapp.assessments.exams.staff.forms import MOST_LINES, read_lines
from webapp.assessments.exams.staff.views import act_on
from webapp.assessments.ranking.scores import plain
from webapp.assessments.views import blueprint
from webapp.database import db
from webapp.files.sending import send

SPARE_LINES = 3
SAMPLES = 3
"""Different papers that the preview can show of a blueprint that draws or shuffles."""


@blueprint.get("/exams/<code>/blueprint")
@requires("assessments:exam:list")
def exam_blueprint(code: str) -> Any:
    """The blueprint: what it draws from and what the bank holds for it."""
    exam = this_exam(code)
    lines = queries.blueprint_lines(db.session, exam)
    return _blueprint_page(exam, lines, _typed(lines), {})


@blueprint.post("/exams/<code>/blueprint")
@requires("assessments:exam:change")
def exam_set_blueprint(code: str) -> Any:
    """Change the blueprint of a draft; "more" only adds empty lines to the form."""
    exam = this_exam(code)
    errors: dict[str, str] = {}
    if "more" not in request.form:
        lines, errors = read_lines(request.form, lambda name: queries.approved_item(db.session, name))
        if not errors:
            return act_on(code, lambda found: _keep(found, lines), ".exam_blueprint")
    page = _blueprint_page(exam, queries.blueprint_lines(db.session, exam), request.form, errors)
    return page, 422 if errors else 200


def _blueprint_page(exam: Exam, lines: list[queries.Line], typed: Any, errors: dict[str, str]) -> str:
    changes = exam.status == "draft" and may_any("assessments:exam:change")
    filled = [n for n in range(MOST_LINES) if typed.get(f"l-{n}-category") or typed.get(f"l-{n}-item")]
    return render_template(
        "assessments/exams/staff/blueprint.html", exam=exam, lines=lines, changes=changes, typed=typed, errors=errors,
        branches=queries.approved_counts(db.session) if changes else [],
        rows=min(max(filled, default=-1) + 1 + SPARE_LINES, MOST_LINES), total=sum(line.part.draw for line in lines),
        worth=paper.worth(lines),
    )  # fmt: skip


def _keep(exam: Exam, lines: list[setting.Line]) -> str:
    setting.set_blueprint(db.session, current_actor(), exam, lines)
    return str(_("บันทึกผังข้อสอบแล้ว"))


def _typed(lines: list[queries.Line]) -> dict[str, str]:
    boxes: dict[str, str] = {}
    for number, line in enumerate(lines):
        name = f"l-{number}-"
        boxes |= {
            f"{name}category": str(line.part.category_id or ""), f"{name}item": line.item.code if line.item else "",
            f"{name}draw": str(line.part.draw),
            f"{name}points": "" if line.part.points is None else plain(line.part.points),
        }  # fmt: skip
    return boxes


@blueprint.get("/exams/<code>/preview")
@requires("assessments:exam:list")
def exam_preview(code: str) -> Any:
    """The paper as a candidate sees it; nothing is begun and nothing kept."""
    exam = this_exam(code)
    sample = min(max(request.args.get("sample", 1, type=int), 1), SAMPLES)
    asked, short = paper.sample(db.session, exam, f"sample-{sample}")
    rich = rich_for(lambda sha256: url_for(".exam_preview_picture", code=code, sha256=sha256))
    place = min(max(request.args.get("question", 1, type=int), 1), max(len(asked), 1))
    return render_template(
        "assessments/exams/staff/preview.html", exam=exam, asked=asked, short=short, rich=rich, sample=sample,
        samples=SAMPLES, place=place, shown=asked[place - 1 : place] if exam.one_per_page else asked,
    )  # fmt: skip


@blueprint.get("/exams/<code>/preview/pictures/<sha256>")
@requires("assessments:exam:list")
def exam_preview_picture(code: str, sha256: str) -> Any:
    """A picture of a question of this exam."""
    return send(paper.picture_in(db.session, this_exam(code), sha256).file)


@blueprint.get("/exams/<code>/markers")
@requires("assessments:exam:list")
def exam_markers(code: str) -> Any:
    """Who marks the essays."""
    exam = this_exam(code)
    lines = queries.blueprint_lines(db.session, exam)
    return render_template(
        "assessments/exams/staff/markers.html", exam=exam, markers=queries.markers_of(db.session, exam),
        offered=queries.who_may_mark(db.session, exam) if may_any("assessments:exam:change") else [],
        rule=words.ESSAY_RULE_WORDS[exam.essay_rule],
        essays=any(version.type == "essay" for line in lines for version in line.pool),
    )  # fmt: skip


@blueprint.post("/exams/<code>/markers")
@requires("assessments:exam:change")
def exam_name_marker(code: str) -> Any:
    """Name a marker, or take one off who has not begun."""

    def act(exam: Exam) -> str:
        if "dismiss" in request.form:
            number = request.form.get("dismiss", type=int) or 0
            name = operations.dismiss_marker(db.session, current_actor(), exam, number)
            return str(_("ถอนชื่อ %(name)s แล้ว", name=name))
        chosen = db.session.get(Account, request.form.get("account", type=int) or 0)
        if chosen is None or chosen.id not in {row.id for row in queries.who_may_mark(db.session, exam)}:
            return str(_("เลือกผู้ตรวจที่จะแต่งตั้ง"))
        decides = bool(request.form.get("decides"))
        operations.appoint_marker(db.session, current_actor(), exam, chosen.id, chosen.name, decides=decides)
        return str(_("แต่งตั้ง %(name)s แล้ว", name=chosen.name))

    return act_on(code, act, ".exam_markers")
