"""The main navigation, by what the person signed in may open."""

from flask import current_app, url_for
from flask_babel import lazy_gettext as _l

from webapp.accounts.access import current_roles
from webapp.accounts.permissions import may

ITEMS = (
    (_l("หน้าแรก"), "home.index", "home:own:view"),
    (_l("รุ่นของหลักสูตร"), "courses.cohorts", "courses:cohort:list"),
    (_l("ความพร้อมของฉัน"), "readiness.own", "plans:own:change"),
    (_l("การสมัครของฉัน"), "admissions.mine", "admissions:application:file"),
    (_l("แผนพัฒนา"), "plans.plans", "plans:plan:view"),
    (_l("การสอนงาน"), "coaching.sessions", "coaching:session:list"),
    (_l("โครงการ"), "projects.assignments", "projects:assignment:view"),
    (_l("การสอบของฉัน"), "assessments.my_exams", "assessments:attempt:take"),
    (_l("ให้คะแนน"), "assessments.my_panels", "assessments:score:enter"),
    (_l("ตรวจข้อเขียน"), "assessments.my_essays", "assessments:essay:mark"),
    (_l("กำหนดเกณฑ์ผ่าน"), "assessments.my_standards", "assessments:standard:judge"),
    (_l("ศูนย์การประเมิน"), "assessments.centers", "assessments:center:list"),
    (_l("ศูนย์การประเมินของฉัน"), "assessments.my_centers", "assessments:center:own"),
    (_l("งานสอบ"), "assessments.exams", "assessments:exam:list"),
    (_l("คลังข้อสอบ"), "assessments.bank", "assessments:item:list"),
    (_l("ข้าราชการ"), "officers.officers", "officers:officer:list"),
    (_l("บัญชีผู้ผ่านการคัดเลือก"), "admissions.register", "admissions:selection:list"),
    (_l("รายชื่อที่เสนอ"), "shortlist.runs", "shortlist:run:list"),
    (_l("ตำแหน่งและเกณฑ์"), "careers.posts", "careers:published:list"),
    (_l("การเตรียมกำลังคน"), "workforce.overview", "workforce:forecast:view"),
    (_l("นำเข้าข้อมูล"), "imports.runs", "imports:run:list"),
    (_l("บัญชีผู้ใช้"), "accounts.accounts", "accounts:account:list"),
    (_l("บันทึกการตรวจสอบ"), "trail.entries", "trail:entry:list"),
)

FOLDED = (
    (_l("การพัฒนา"), {"plans.plans", "coaching.sessions", "projects.assignments"}),
    (_l("การวัดและประเมิน"), {
        "assessments.my_exams", "assessments.my_panels", "assessments.my_essays", "assessments.my_standards", "assessments.my_centers",
        "assessments.centers", "assessments.exams", "assessments.bank",
    }),
    (_l("การคัดเลือก"), {"admissions.register", "shortlist.runs"}),
)  # fmt: skip
"""What stands together under one word where somebody's entries would not fit one line."""
ONE_LINE = 9


def navigation() -> list[dict[str, object]]:
    """The entries for the person signed in: label, address, and the word to fold them under where there are too many."""
    roles = current_roles()
    known = current_app.view_functions
    mine = [(label, endpoint) for label, endpoint, permission in ITEMS if endpoint in known and may(roles, permission)]
    under = {endpoint: word for word, endpoints in FOLDED for endpoint in endpoints} if len(mine) > ONE_LINE else {}
    return [{"label": label, "url": url_for(endpoint), "under": under.get(endpoint, "")} for label, endpoint in mine]
