"""Long work: how far it is, and what it made."""

from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext as _l

from webapp.accounts.access import current_actor, requires
from webapp.database import db
from webapp.files.sending import send
from webapp.jobs import queries
from webapp.tables import LAST_PAGE

blueprint = Blueprint("jobs", __name__, template_folder="templates")

PAGE = 50

NAMES = {
    "import-check": _l("ตรวจไฟล์นำเข้า"),
    "import-apply": _l("นำเข้าข้อมูล"),
    "items-check": _l("ตรวจไฟล์ข้อสอบ"),
    "items-apply": _l("นำเข้าข้อสอบ"),
    "items-export": _l("ส่งออกข้อสอบ"),
    "center-timetable": _l("จัดตารางศูนย์การประเมิน"),
    "scorecards": _l("สมุดงานใบคะแนน"),
    "record": _l("ประวัติการพัฒนา"),
    "audit-verify": _l("ตรวจสอบสายโซ่บันทึก"),
    "shortlist-draw-up": _l("จัดทำรายชื่อ"),
    "exam-papers": _l("พิมพ์ข้อสอบและกระดาษคำตอบ"),
    "exam-keys": _l("พิมพ์เฉลยสำหรับผู้ตรวจ"),
    "admission-letters": _l("หนังสือแจ้งผลการคัดเลือก"),
}


@blueprint.get("/jobs")
@requires("jobs:job:view")
def jobs() -> Any:
    """The reader's jobs, newest first."""
    page = min(max(1, request.args.get("page", 1, type=int)), LAST_PAGE)
    rows, more = queries.jobs_seen_by(db.session, current_actor(), limit=PAGE, offset=(page - 1) * PAGE)
    return render_template("jobs/list.html", jobs=rows, names=NAMES, page=page, more=more)


@blueprint.get("/jobs/<int:job_id>")
@requires("jobs:job:view")
def job(job_id: int) -> Any:
    """One job: its progress while it runs (the part alone for htmx), then what it made."""
    actor = current_actor()
    found = queries.job_seen_by(db.session, actor, job_id)
    own = queries.may_take(actor, found)
    template = "jobs/_progress.html" if request.headers.get("HX-Request") else "jobs/job.html"
    return render_template(template, job=found, name=NAMES[found.kind], own=own)


@blueprint.get("/jobs/<int:job_id>/file")
@requires("jobs:job:view")
def file(job_id: int) -> Any:
    """The file a job made."""
    actor = current_actor()
    return send(queries.file_of(db.session, actor, queries.job_seen_by(db.session, actor, job_id)))
