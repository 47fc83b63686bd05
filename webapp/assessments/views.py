"""Pages of the room: what its sub-rooms share, and an officer's own results."""

from fractions import Fraction
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from webapp.accounts.access import current_officer_id, requires
from webapp.assessments.panels.blind import is_blind
from webapp.assessments.panels.words import SHIPPED_REASONS
from webapp.assessments.plans.words import GATE_WORDS, PURPOSE_WORDS, STATUS_WORDS, TIE_BREAKER_WORDS, source_words
from webapp.assessments.ranking.scores import plain, shown
from webapp.courses.models import Cohort
from webapp.courses.queries import cohort_by_code
from webapp.database import db
from webapp.errors import Refused
from webapp.officers.models import Officer

blueprint = Blueprint("assessments", __name__, template_folder="templates")


def place(code: str) -> tuple[Cohort, str]:
    """The cohort of the address and the purpose asked for: the ranking after training, or the entry selection."""
    purpose = "selection" if request.args.get("purpose") == "selection" else "ranking"
    return cohort_by_code(db.session, code), purpose


def said(refused: Refused) -> str:
    """A refusal in the reader's language."""
    return str(_(refused.message, **refused.values)) if refused.values else str(_(refused.message))


def points(number: Fraction | None) -> str:
    """Points as they are shown: at most two decimals, rounded half up where there are more; empty for none."""
    if number is None:
        return ""
    return shown(number)


def exactly(number: Fraction | None) -> str:
    """The exact figure where :func:`points` has rounded it; empty where it has not."""
    if number is None:
        return ""
    text = plain(number)
    return "" if text == points(number) else text


@blueprint.app_context_processor
def _words() -> dict[str, Any]:
    return {
        "points": points,
        "exactly": exactly,
        "purpose_words": PURPOSE_WORDS,
        "plan_status_words": STATUS_WORDS,
        "gate_words": GATE_WORDS,
        "tie_breaker_words": TIE_BREAKER_WORDS,
        "source_words": source_words,
        "is_blind": is_blind,
        "shipped_reasons": SHIPPED_REASONS,
    }


@blueprint.get("/my/results")
@requires("shortlist:own-result:view")
def my_results() -> Any:
    """An officer's own scores, once released, beside the plan they are judged by."""
    from webapp.assessments.scores.queries import own_results

    officer_id = current_officer_id()
    found = own_results(db.session, officer_id) if officer_id is not None else []
    officer = db.session.get(Officer, officer_id) if officer_id is not None else None
    number = officer.officer_no if officer is not None else ""
    return render_template("assessments/my_results.html", results=found, own_number=number)


from webapp.assessments.bank import views as _bank  # noqa: E402, F401
from webapp.assessments.center import views as _center  # noqa: E402, F401
from webapp.assessments.exams.candidate import views as _candidates  # noqa: E402, F401
from webapp.assessments.exams.figures import standard_views as _standards  # noqa: E402, F401
from webapp.assessments.exams.figures import views as _figures  # noqa: E402, F401
from webapp.assessments.exams.marking import views as _marking  # noqa: E402, F401
from webapp.assessments.exams.onpaper import views as _papers  # noqa: E402, F401
from webapp.assessments.exams.staff import views as _exams  # noqa: E402, F401
from webapp.assessments.panels import agreement_views as _agreement  # noqa: E402, F401
from webapp.assessments.panels import conflict_views as _conflicts  # noqa: E402, F401
from webapp.assessments.panels import discussion_views as _discussions  # noqa: E402, F401
from webapp.assessments.panels import guide_views as _guides  # noqa: E402, F401
from webapp.assessments.panels import turn_views as _turns  # noqa: E402, F401
from webapp.assessments.panels import views as _panels  # noqa: E402, F401
from webapp.assessments.plans import views as _plans  # noqa: E402, F401
from webapp.assessments.ratings import views as _ratings  # noqa: E402, F401
from webapp.assessments.scores import views as _scores  # noqa: E402, F401
