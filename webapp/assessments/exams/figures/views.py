"""How the questions of an exam behaved: a page per exam, its workbook, and an item over all its sittings."""

from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext as _

from webapp import charts, clock, thai
from webapp.accounts.access import current_actor, may_any, requires
from webapp.assessments.bank import queries as bank
from webapp.assessments.bank import richtext
from webapp.assessments.bank.words import TRUE_FALSE
from webapp.assessments.exams.figures.book import workbook
from webapp.assessments.exams.figures.queries import ExamFigures, figures_of, item_history
from webapp.assessments.exams.figures.words import ADVICE, ADVICE_TAGS, figure, refusal_words
from webapp.assessments.exams.handling import exam_by_code, open_to
from webapp.assessments.statistics import Refusal
from webapp.assessments.statistics.test_theory import ENOUGH_PEOPLE, GROUP, IDLE, TOO_EASY, TOO_HARD, WEAK
from webapp.assessments.views import blueprint
from webapp.database import db
from webapp.errors import NotFound
from webapp.files.operations import XLSX
from webapp.language import language

OVER = ("closed", "released")


@blueprint.app_context_processor
def _statistics_words() -> dict[str, Any]:
    return {"figure": figure, "refusal_words": refusal_words, "advice_words": ADVICE, "advice_tags": ADVICE_TAGS}


@blueprint.app_template_test("refused")
def _refused(value: Any) -> bool:
    return isinstance(value, Refusal)


@blueprint.get("/exams/<code>/statistics")
@requires("assessments:exam:list")
def exam_statistics(code: str) -> Any:
    """Every figure of an exam that is over, with what it means; choices only for those who may see the key."""
    exam = exam_by_code(db.session, code, current_actor().account_id)
    key = may_any("assessments:key:view")
    found = figures_of(db.session, exam, with_choices=key) if exam.status in OVER else None
    return render_template(
        "assessments/exams/figures/statistics.html", exam=exam, found=found, key=key, choice_words=choice_words,
        picture=histogram_of(found) if found is not None and found.bars else None, limits=_limits(),
        only_flagged=request.args.get("flagged") == "yes",
    )  # fmt: skip


@blueprint.get("/exams/<code>/statistics.xlsx")
@requires("assessments:exam:list")
def exam_statistics_book(code: str) -> Any:
    """The same figures as a workbook with its charts."""
    exam = exam_by_code(db.session, code, current_actor().account_id)
    if exam.status not in OVER:
        raise NotFound()
    key = may_any("assessments:key:view")
    found = figures_of(db.session, exam, with_choices=key)
    content = workbook(exam, found, created=clock.now(), language=language(), choice_words=choice_words)
    heads = {"Content-Disposition": f'attachment; filename="exam-{exam.id}-statistics.xlsx"'}
    return Response(content, mimetype=XLSX, headers=heads)


@blueprint.get("/bank/<code>/statistics")
@requires("assessments:exam:list")
def item_statistics(code: str) -> Any:
    """An item over its sittings: every exam in which a version of it was asked."""
    item = bank.item_by_code(db.session, code)
    history = item_history(db.session, item, open_to(current_actor().account_id))
    return render_template(
        "assessments/exams/figures/item_statistics.html", item=item, version=bank.version_of(db.session, item), history=history,
    )  # fmt: skip


def histogram_of(found: ExamFigures) -> charts.Picture:
    """The scores of everybody who counts, in per cent, with the cut."""
    cut = None if found.cut is None else float(found.cut)
    if cut is None:
        sentence = _("คะแนนของผู้สอบ %(people)s คน เป็นร้อยละของคะแนนเต็ม ยังไม่ได้กำหนดเกณฑ์ผ่าน", people=found.people)
    else:
        sentence = _(
            "คะแนนของผู้สอบ %(people)s คน เป็นร้อยละของคะแนนเต็ม มี %(passed)s คนถึงเกณฑ์ร้อยละ %(cut)s",
            people=found.people, cut=thai.number(found.cut), passed=found.passed,
        )  # fmt: skip
    return charts.histogram(found.bars, title=_("การกระจายของคะแนน"), sentence=sentence, cut=cut, cut_word=_("เกณฑ์ผ่าน"))


def choice_words(document: Any, name: str) -> str:
    """A choice's text without its markup, in the reader's language."""
    row = next((row for row in document["choices"] if row["id"] == name), None)
    if row is None:
        return name
    first, second = ("text_en", "text_th") if language() == "en" else ("text_th", "text_en")
    return richtext.plain(row[first] or row[second]) or str(TRUE_FALSE.get(name, name))


def _limits() -> dict[str, str]:
    """The thresholds of the advice, for the help beside the figures."""
    return {
        "group": f"{100 * GROUP:.0f}", "idle": f"{100 * IDLE:.0f}", "easy": figure(TOO_EASY), "hard": figure(TOO_HARD),
        "weak": figure(WEAK), "people": str(ENOUGH_PEOPLE),
    }  # fmt: skip
