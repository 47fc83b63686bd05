"""Home: what needs me now, then where things stand. Several roles add up."""

from typing import Any

from flask import Blueprint, render_template
from flask_login import current_user

from webapp import clock
from webapp.accounts.access import current_officer_id, current_roles, may_any, requires
from webapp.assessments.ranking.scores import as_text
from webapp.database import db
from webapp.home import admitting, centers, developing, learning, marking, office, oversight, succession
from webapp.home.tasks import Task, in_order
from webapp.notices.operations import unread_count

blueprint = Blueprint("home", __name__, template_folder="templates")


@blueprint.get("/")
@requires("home:own:view")
def index() -> Any:
    """The home page of the person signed in."""
    today, roles, officer_id = clock.today(), current_roles(), current_officer_id()
    tasks: list[Task] = []
    parts: dict[str, Any] = {}
    for role, gather in PARTS.items():
        if role in roles:
            part, own = gather(officer_id, today)
            parts[role] = part
            tasks += own
    if officer_id is not None and may_any("plans:plan:agree"):
        tasks += developing.to_agree(db.session, officer_id, mentor="mentor" in roles)
    ahead = None
    if officer_id is not None and "officer" in roles:
        ahead = developing.developing_of(db.session, officer_id, today)
        tasks += developing.own_tasks(ahead, today)
    return render_template(
        "home/index.html", ahead=ahead, tasks=in_order(tasks, today), roles=roles, parts_of=parts, officer_id=officer_id,
        unread=unread_count(db.session, current_user.id), score_words=as_text,
    )  # fmt: skip


def _trainee(officer_id: int | None, today: Any) -> tuple[Any, list[Task]]:
    if officer_id is None:
        return None, []
    found = learning.learning_of(db.session, officer_id, today)
    own = admitting.officer_tasks(db.session, officer_id) + centers.participant_tasks(db.session, officer_id, today)
    return found, learning.trainee_tasks(db.session, officer_id, found, today) + own


def _mentor(officer_id: int | None, today: Any) -> tuple[Any, list[Task]]:
    found = learning.mentoring_of(db.session, officer_id)
    return found, [] if officer_id is None else learning.mentor_tasks(db.session, officer_id, found)


def _assessor(officer_id: int | None, today: Any) -> tuple[Any, list[Task]]:
    own = centers.assessor_tasks(db.session, current_user.id) + marking.marker_tasks(db.session, current_user.id)
    return True, learning.assessor_tasks(db.session, current_user.id) + own


def _institute(officer_id: int | None, today: Any) -> tuple[Any, list[Task]]:
    cohorts = office.open_cohorts(db.session)
    health = office.health_of(db.session, cohorts, today)
    tasks = office.institute_tasks(db.session, cohorts, health, today)
    tasks += office.plans_to_approve(db.session, current_user.id) + marking.staff_tasks(db.session, current_user.id)
    return health, tasks + centers.staff_tasks(db.session, current_user.id)


def _commission(officer_id: int | None, today: Any) -> tuple[Any, list[Task]]:
    own = succession.plans_to_adopt(db.session, current_user.id) + succession.pool_tasks(
        db.session, current_user.id, today
    )
    return True, office.commission_tasks(db.session) + own


def _executive(officer_id: int | None, today: Any) -> tuple[Any, list[Task]]:
    own = succession.pool_tasks(db.session, current_user.id, today) + centers.executive_tasks(db.session)
    return True, office.executive_tasks(db.session) + own


def _auditor(officer_id: int | None, today: Any) -> tuple[Any, list[Task]]:
    return oversight.watch(db.session), []


def _administrator(officer_id: int | None, today: Any) -> tuple[Any, list[Task]]:
    return oversight.account_counts(db.session), oversight.administrator_tasks(db.session)


PARTS = {
    "officer": _trainee,
    "mentor": _mentor,
    "assessor": _assessor,
    "institute": _institute,
    "commission": _commission,
    "executive": _executive,
    "auditor": _auditor,
    "administrator": _administrator,
}
