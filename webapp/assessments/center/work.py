"""What the worker does for a center: the search for a timetable; done again from the start if it was killed."""

from typing import Any

from flask_babel import gettext as _

from webapp.accounts.queries import account_by_id, actor_for
from webapp.assessments.center import arranging
from webapp.assessments.center.models import Center
from webapp.assessments.center.timetable import NoTimetable, arrange
from webapp.database import db
from webapp.errors import NotAllowed
from webapp.jobs.kinds import Made, Report


def timetable(arguments: dict[str, Any], report: Report) -> Made:
    """Search a timetable for the center ``center_id`` on behalf of ``account_id`` and put it in place.

    The search holds no transaction. Where no timetable keeps every rule, the center keeps which one stands in the way.
    """
    account = account_by_id(db.session, arguments["account_id"])
    if not account.active:
        raise NotAllowed()
    actor = actor_for(account)
    center = db.session.get_one(Center, arguments["center_id"])
    arranging.check_may_build(db.session, actor, center)
    task = arranging.arrangement_of(db.session, center).task
    db.session.rollback()
    report(10, _("กำลังหาเวลา ห้อง และผู้ประเมินที่ทำได้ทุกกติกา"))
    page = f"/centers/{center.code}/timetable"
    db.session.rollback()
    try:
        sittings = arrange(task)
        report(90, _("กำลังบันทึกตาราง"))
        center = db.session.get_one(Center, arguments["center_id"])
        arranging.build(db.session, actor, center, task, sittings)
    except NoTimetable as found:
        db.session.rollback()
        center = db.session.get_one(Center, arguments["center_id"])
        arranging.note_impossible(db.session, center, found)
    return Made(go_to=page)
