"""Real workbooks and CSV files for the tests, and a cohort for them to refer to."""

import copy
import datetime as dt
import io
from decimal import Decimal
from typing import Any

import openpyxl
from sqlalchemy import select

from webapp import clock
from webapp.assessments.models import AssessmentPlan, PlanComponent
from webapp.careers.models import Course
from webapp.courses.models import Cohort, CourseSession

DAY = dt.date
ROSTER: dict[str, list[list[Any]]] = {
    "units": [
        ["unit_code", "name_th", "name_en", "kind", "zone"],
        ["BMA-X01", "สำนักทดสอบ", "Test Bureau", "bureau", None],
    ],
    "officers": [
        ["officer_no", "title", "given_name", "family_name", "national_id", "birth_date", "entry_date", "sex", "email",
         "supervisor_no", "qualifications"],
        ["0001", "นาย", "สมชาย", "ใจดี", "1101700230708", "1/10/2510", DAY(1990, 1, 1), "m", "A@example.go.th", "0002",
         "standard-managerial-high;standard-section-head"],
        ["0002", "นางสาว", "แก้วตา", "นํ้าใส", None, "2 ก.พ. 2512", "2535-05-01", "หญิง", None, None, None],
        ["0003", "นาย", "ก้อง", "เกียรติ", None, "๓/๓/๒๕๑๕", "1/6/2538", "ชาย", None, "0001", "standard-section-head"],
    ],
    "postings": [
        ["officer_no", "post_code", "position_type", "level", "unit_code", "section", "start_date", "end_date", "acting",
         "order_ref"],
        ["0001", "assistant-district-director", "managerial", "primary", "BMA-D01", None, "1/10/2560", "30/9/2565", 0, "ก 1"],
        ["0001", "policy-analyst", "วิชาการ", "ชำนาญการ", "BMA-X01", None, "1/10/2550", "30/9/2560", 0, None],
        ["0002", "section-head", "knowledge", "senior-professional", "BMA-D02", "registration", "1/10/2560", None, "ไม่ใช่", None],
        ["0003", "section-head", "general", "senior", "BMA-D03", "การคลัง", dt.datetime(2019, 10, 1), None, None, None],
    ],
    "delegations": [
        ["officer_no", "unit_code", "section", "start_date", "end_date", "order_ref"],
        ["0001", "BMA-D01", "registration", "1/10/2560", "30/9/2562", None],
        ["0001", "BMA-D01", "revenue", "1/10/2560", None, "ก 2"],
    ],
    "works": [
        ["officer_no", "title", "date", "category", "verified_by", "verified_on"],
        ["0002", "=ระบบคิว", "1/1/2565", "นวัตกรรม", "คณะกรรมการ", "1/2/2565"],
    ],
    "training": [
        ["officer_no", "course_code", "completed_on", "result", "institution", "hours", "certificate_no"],
        ["0001", "assistant-district-director-course", "1/9/2560", "passed", "สพข.", 120, None],
        ["0003", "outside-course", "1/9/2561", "ไม่ผ่าน", "มหาวิทยาลัย", 12.5, "7"],
    ],
    "competency-ratings": [
        ["officer_no", "competency", "rating", "rated_on", "method", "assessor"],
        ["0001", "leadership", 4, "1/3/2569", "360", "ผู้ประเมิน"],
        ["0001", "การบริการที่ดี", 5, "1/3/2569", "360", None],
    ],
    "enrollments": [
        ["cohort_code", "officer_no", "status"],
        ["DD-T-1", "0001", "enrolled"],
        ["DD-T-1", "0002", None],
        ["DD-T-1", "0003", "withdrawn"],
    ],
    "attendance": [
        ["cohort_code", "officer_no", "session_code", "present", "hours"],
        ["DD-T-1", "0001", "S01", 1, None],
        ["DD-T-1", "0002", "S01", 1, 4.5],
        ["DD-T-1", "0003", "S01", 0, None],
    ],
    "coaching": [
        ["cohort_code", "officer_no", "mentor_no", "held_on", "kind", "started_at", "minutes", "topic", "host",
         "acknowledged"],
        ["DD-T-1", "0001", "0003", "1/2/2569", "coaching", "9:30", 90, "แผนพัฒนาเขต", None, 1],
        ["DD-T-1", "0001", "0003", "1/2/2569", "coaching", "13:00", 60, "แผนพัฒนาเขต", None, 0],
        ["DD-T-1", "0002", None, "3/2/2569", "shadowing", None, 480, "ศึกษางาน", "ผู้ว่าราชการจังหวัด", None],
    ],
    "scores": [
        ["cohort_code", "officer_no", "component", "panel_member", "score", "max_score"],
        ["DD-T-1", "0001", "exam", None, 87.5, 100],
        ["DD-T-1", "0001", "proposal", "กรรมการ ก", 80, 100],
        ["DD-T-1", "0001", "proposal", "กรรมการ ข", 90.25, 100],
        ["DD-T-1", "0002", "exam", None, 0.1 + 0.2, 100],
    ],
}  # fmt: skip


def roster(**changed: list[list[Any]]) -> dict[str, list[list[Any]]]:
    """A fresh copy of the whole roster, some sheets replaced."""
    return copy.deepcopy(ROSTER) | changed


def workbook(sheets: dict[str, list[list[Any]]]) -> bytes:
    """The sheets as a real .xlsx file."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
            for cell in sheet[sheet.max_row]:
                if isinstance(cell.value, str):
                    cell.data_type = "s"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def csv_of(rows: list[list[Any]], encoding: str = "utf-8") -> bytes:
    """One sheet as a .csv file."""
    import csv

    file = io.StringIO()
    csv.writer(file).writerows([["" if cell is None else cell for cell in row] for row in rows])
    return file.getvalue().encode(encoding)


def make_cohort(session: Any, code: str = "DD-T-1") -> Cohort:
    """A cohort with two sessions and a plan of two components, committed."""
    course = session.scalars(select(Course).where(Course.code == "district-director-course")).one()
    by = {"created_at": clock.now(), "created_by": "ทดสอบ"}
    cohort = Cohort(
        code=code,
        name_th="รุ่นทดสอบ",
        course_id=course.id,
        starts_on=DAY(2026, 1, 5),
        ends_on=DAY(2026, 6, 30),
        seats=40,
        **by,
    )
    session.add(cohort)
    session.flush()
    for number, day in (("S01", DAY(2026, 1, 6)), ("S99", DAY(2099, 1, 1))):
        session.add(
            CourseSession(
                cohort_id=cohort.id, code=number, part="lecture", name_th="บรรยาย", held_on=day, hours=Decimal(6)
            )
        )
    plan = AssessmentPlan(
        cohort_id=cohort.id, purpose="ranking", version=1, status="in-force", drafted_by="ทดสอบ", drafted_at=clock.now()
    )
    session.add(plan)
    session.flush()
    for place, (component, weight) in enumerate((("exam", 60), ("proposal", 40))):
        session.add(
            PlanComponent(
                plan_id=plan.id,
                position=place,
                code=component,
                name_th=component,
                weight=Decimal(weight),
                maximum=Decimal(100),
            )
        )
    session.commit()
    return cohort
