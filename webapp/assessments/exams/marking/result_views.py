"""Results of an exam: everybody, one paper, into the ledger, to the officers."""

import uuid
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp import clock
from webapp.accounts.access import current_actor, may_any, requires
from webapp.assessments.bank.shown import rich_for
from webapp.assessments.exams import results
from webapp.assessments.exams.marking import answers, releasing, result_book, result_queries
from webapp.assessments.exams.marking.pages import this_exam, tried
from webapp.assessments.exams.marking.result_queries import Result
from webapp.assessments.exams.marking.words import RESULT_STATE_KINDS, RESULT_STATE_WORDS
from webapp.assessments.exams.models import Exam
from webapp.assessments.views import blueprint
from webapp.database import db
from webapp.errors import Conflict
from webapp.files.operations import XLSX
from webapp.language import language
from webapp.tables import Column, Filter, TableView, read_table
from webapp.thai import normalized

COLUMNS = (
    Column("name", _l("ผู้เข้าสอบ"), sortable=True, always=True),
    Column("number", _l("เลขผู้เข้าสอบ")),
    Column("total", _l("คะแนนสอบรวม"), sortable=True, numeric=True),
    Column("percent", _l("คิดเป็นร้อยละ"), sortable=True, numeric=True),
    Column("passed", _l("ผลตามเกณฑ์")),
    Column("state", _l("สถานะ")),
    Column("ledger", _l("ในบัญชีคะแนน"), numeric=True),
)


@blueprint.app_context_processor
def _result_words() -> dict[str, Any]:
    return {"result_state_words": RESULT_STATE_WORDS, "result_state_kinds": RESULT_STATE_KINDS}


@blueprint.get("/exams/<code>/results")
@requires("assessments:exam:list")
def exam_results(code: str) -> Any:
    """Everybody's total with what is missing, found, sorted and paged."""
    exam = this_exam(code)
    found = result_queries.all_results(db.session, exam)
    filters = [Filter("state", _l("สถานะ"), [(name, RESULT_STATE_WORDS[name]) for name in RESULT_STATE_WORDS])]
    if exam.pass_percent is not None:
        filters.append(Filter("passed", _l("ผลตามเกณฑ์"), [("yes", _("ผ่าน")), ("no", _("ไม่ผ่าน"))]))
    columns = COLUMNS if found.component is not None else COLUMNS[:-1]
    view = read_table(columns, request.args, path=request.path, sort="name", filters=tuple(filters))
    rows = [row for row in found.rows if _asked_for(row, view)]
    if view.sort in ("total", "percent"):
        rows.sort(key=lambda row: (row.paper.percent if row.paper is not None else None) or row.total)
    if view.descending:
        rows.reverse()
    return render_template(
        "assessments/exams/marking/results.html", exam=exam, found=found, table=view.counted(len(rows)),
        rows=rows[view.offset : view.offset + view.limit],
    )  # fmt: skip


@blueprint.get("/exams/<code>/results.xlsx")
@requires("assessments:exam:change")
def exam_results_book(code: str) -> Any:
    """Everybody's total and marks question by question as a workbook."""
    exam = this_exam(code)
    found = result_queries.all_results(db.session, exam)
    versions = {one.version_id for row in found.rows if row.paper is not None for one in row.paper.questions}
    codes = result_queries.codes_of(db.session, sorted(versions))
    content = result_book.workbook(exam, found, codes, created=clock.now(), language=language())
    heads = {"Content-Disposition": f'attachment; filename="exam-{exam.id}-results.xlsx"'}
    return Response(content, mimetype=XLSX, headers=heads)


def _asked_for(row: Result, view: TableView) -> bool:
    officer = row.candidate.officer
    words = normalized(view.words).casefold()
    texts = (officer.name_th, officer.name_en or "", officer.officer_no, row.candidate.number)
    if words and not any(words in text.casefold() for text in texts):
        return False
    if view.chosen["state"] and row.state != view.chosen["state"]:
        return False
    asked = view.chosen.get("passed")
    return not asked or row.passed is (asked == "yes")


@blueprint.get("/exams/<code>/results/<number>")
@requires("assessments:exam:list")
def exam_paper(code: str, number: str) -> Any:
    """One paper, question by question: answer, key, rule, regrades and who marked."""
    exam = this_exam(code)
    found = result_queries.paper_of(db.session, exam, number)
    return render_template(
        "assessments/exams/marking/paper.html", exam=exam, found=found, response_words=answers.response_words,
        key_words=answers.key_words if may_any("assessments:key:view") else None, rich_of=_rich_of,
    )  # fmt: skip


def _rich_of(item: str) -> Any:
    return rich_for(lambda sha256: url_for(".bank_picture", code=item, sha256=sha256))


@blueprint.route("/exams/<code>/results/transfer", methods=["GET", "POST"])
@requires("assessments:exam:change")
def exam_transfer(code: str) -> Any:
    """Totals go into the ledger as points of the component; what would change there is shown first."""
    exam = this_exam(code)
    if request.method == "POST":
        reason = request.form.get("reason", "")[:2000]
        differs = request.form.get("differs") == "yes"
        if differs and not reason.strip():
            flash(_("มีคะแนนที่จะถูกแทนที่ กรุณาระบุเหตุผล"), "bad")
            return redirect(url_for(".exam_transfer", code=code), 303)
        count, problem = tried(lambda: _transfer(exam, reason, differs))
        flash(problem or _("โอนคะแนนแล้ว %(count)s คน", count=count), "bad" if problem else "good")
        return redirect(url_for(".exam_transfer" if problem else ".exam_results", code=code), 303)
    return render_template(
        "assessments/exams/marking/transfer.html", exam=exam, found=result_queries.all_results(db.session, exam),
        key=str(uuid.uuid4()),
    )  # fmt: skip


def _transfer(exam: Exam, reason: str, differs: bool) -> int:
    found = result_queries.all_results(db.session, exam)
    if found.to_transfer("differs") and not differs:
        raise Conflict("มีผู้บันทึกคะแนนขององค์ประกอบนี้ไว้แล้ว กรุณาเปิดหน้านี้ใหม่แล้วตรวจสอบ")
    key = request.form.get("key") or str(uuid.uuid4())
    return results.transfer(db.session, current_actor(), exam, key=key, reason=reason)


@blueprint.route("/exams/<code>/results/release", methods=["GET", "POST"])
@requires("assessments:exam:change")
def exam_release(code: str) -> Any:
    """Check, then release: officers see their results from here on, and are told."""
    exam = this_exam(code)
    found = result_queries.all_results(db.session, exam)
    if request.method == "POST":
        with_scores = request.form.get("scores") == "yes"
        _made, problem = tried(lambda: releasing.release_results(
            db.session, current_actor(), exam, found, with_scores=with_scores
        ))  # fmt: skip
        flash(problem or _("ประกาศผลแล้ว และแจ้งผู้เข้าสอบทุกคน"), "bad" if problem else "good")
        return redirect(url_for(".exam_release" if problem else ".exam_results", code=code), 303)
    return render_template("assessments/exams/marking/release.html", exam=exam, found=found)
