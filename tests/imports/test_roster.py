"""A whole roster workbook: all or nothing, the same file twice changes nothing, every wrong cell is named."""

import copy
import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from tests.imports.workbooks import ROSTER, make_cohort, roster, workbook
from webapp.assessments.models import CompetencyRating, ScoreEntry
from webapp.audit import AuditEntry
from webapp.careers.models import Course, Post, Unit
from webapp.coaching.models import CoachingSession
from webapp.courses.models import Attendance, Enrollment
from webapp.database import Base
from webapp.imports import reports
from webapp.imports.models import ImportChange, ImportRun
from webapp.imports.operations import apply_checked, check_file
from webapp.officers.models import Delegation, EvidencedWork, Officer, Posting, TrainingRecord


@pytest.fixture
def cohort(session):
    return make_cohort(session)


def bring(session, actor, content, kind="roster", **options):
    checked = check_file(session, actor, kind, content, file_name="x.xlsx", **options)
    if checked.fit:
        apply_checked(session, actor, checked)
        session.commit()
    return checked


def everything(session):
    """Every row of every table, but for the audit log and the import history."""
    kept = {"audit_entry", "audit_opening", "audit_head", "import_run", "import_change"}
    return {
        table.name: sorted(map(repr, session.execute(select(table)).all()))
        for table in Base.metadata.sorted_tables
        if table.name not in kept
    }


def test_a_whole_roster_comes_in_at_once(session, actor, cohort):
    checked = bring(session, actor, workbook(ROSTER))
    assert checked.errors == []
    counts = {name: counts["created"] for name, counts in checked.counts().items()}
    assert counts == {name: len(rows) - 1 for name, rows in ROSTER.items()}

    officer = session.scalars(select(Officer).where(Officer.officer_no == "0002")).one()
    assert (officer.family_name, officer.birth_date, officer.sex) == ("น้ำใส", dt.date(1969, 2, 2), "f")
    first = session.scalars(select(Officer).where(Officer.officer_no == "0001")).one()
    assert first.supervisor_id == officer.id
    assert first.email == "a@example.go.th"
    assert session.scalar(select(Unit.kind).where(Unit.code == "BMA-X01")) == "bureau"
    plain = session.scalars(select(Post).where(Post.code == "policy-analyst")).one()
    assert (plain.is_key, plain.is_target) == (False, False)
    assert session.scalar(select(Course.external).where(Course.code == "outside-course")) is True
    levels = session.execute(select(Posting.position_type, Posting.level, Posting.section_code)).all()
    assert ("knowledge", "professional", None) in levels
    assert ("general", "senior", "finance") in levels
    assert sorted(session.scalars(select(Attendance.hours))) == [Decimal(0), Decimal("4.5"), Decimal(6)]
    assert sorted(session.scalars(select(Enrollment.status))) == ["enrolled", "enrolled", "withdrawn"]
    assert (
        session.scalar(
            select(func.count()).select_from(CoachingSession).where(CoachingSession.acknowledged_at.isnot(None))
        )
        == 1
    )
    assert sorted(session.scalars(select(ScoreEntry.score))) == [Decimal("0.3"), 80, Decimal("87.5"), Decimal("90.25")]
    assert session.scalar(select(ScoreEntry.entered_by).limit(1)) == "imported by ผู้ทดสอบ"
    for model in (Delegation, EvidencedWork, TrainingRecord, CompetencyRating):
        assert session.scalar(select(func.count()).select_from(model).where(model.import_id.isnot(None)))


def test_unknown_posts_and_courses_are_listed_in_the_report(session, actor, cohort):
    document = reports.as_json(bring(session, actor, workbook(ROSTER)), str)
    assert {"policy-analyst", "outside-course"} <= {warning["value"] for warning in document["warnings"]}
    assert all(set(warning) == {"sheet", "row", "column", "value", "reason"} for warning in document["warnings"])


def test_one_import_is_one_audit_entry_with_a_digest(session, actor, cohort):
    before = session.scalar(select(func.count()).select_from(AuditEntry))
    bring(session, actor, workbook(ROSTER))
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert len(entries) == before + 1
    assert (entries[-1].action, entries[-1].thing) == ("imports:file:apply", "import_run")
    run = session.scalars(select(ImportRun)).one()
    assert (run.status, len(run.changes_digest), run.counts["officers"]["created"]) == ("applied", 64, 3)


def test_the_same_file_twice_changes_nothing(session, actor, cohort):
    bring(session, actor, workbook(ROSTER))
    before = everything(session)
    runs = session.scalar(select(func.count()).select_from(AuditEntry))
    again = bring(session, actor, workbook(ROSTER))
    assert again.errors == []
    for name, counts in again.counts().items():
        rows = len(ROSTER[name]) - 1
        assert counts == {"rows": rows, "created": 0, "updated": 0, "unchanged": rows}, name
    assert everything(session) == before
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == runs


def test_the_order_of_sheets_rows_and_columns_does_not_matter(session, actor, cohort):
    shuffled = {}
    for name, rows in reversed(list(ROSTER.items())):
        head, *body = rows
        order = list(range(len(head)))[::-1]
        shuffled[name] = [[row[place] for place in order] for row in [head, *reversed(body)]]
    bring(session, actor, workbook(ROSTER))
    assert bring(session, actor, workbook(shuffled)).changes_nothing


WRONG = [
    ("units", 1, "kind", "palace"),
    ("units", 1, "name_th", None),
    ("officers", 2, "birth_date", "30/2/2512"),
    ("officers", 2, "entry_date", "1/5/35"),
    ("officers", 1, "national_id", "1101700230709"),
    ("officers", 1, "sex", "x"),
    ("officers", 1, "supervisor_no", "9999"),
    ("officers", 1, "supervisor_no", "0001"),
    ("officers", 3, "given_name", None),
    ("officers", 1, "qualifications", "standard-section-head;nothing"),
    ("postings", 1, "officer_no", "9999"),
    ("postings", 1, "unit_code", "BMA-D99"),
    ("postings", 2, "level", "high"),
    ("postings", 2, "position_type", "royal"),
    ("postings", 3, "section", "cooking"),
    ("postings", 1, "end_date", "30/9/2559"),
    ("postings", 4, "start_date", None),
    ("postings", 4, "acting", "2"),
    ("delegations", 1, "section", "cooking"),
    ("delegations", 1, "end_date", "30/9/2560"),
    ("works", 1, "date", "1/1/2643"),
    ("works", 1, "verified_on", "2100-01-01"),
    ("training", 1, "completed_on", "2100-01-01"),
    ("training", 1, "result", "maybe"),
    ("training", 2, "hours", -1),
    ("training", 2, "hours", 1.234),
    ("competency-ratings", 1, "competency", "singing"),
    ("competency-ratings", 1, "rating", 6),
    ("competency-ratings", 2, "rating", 3.5),
    ("competency-ratings", 2, "rated_on", "2100-01-01"),
    ("competency-ratings", 2, "method", None),
    ("enrollments", 1, "cohort_code", "DD-T-9"),
    ("enrollments", 1, "officer_no", "9999"),
    ("enrollments", 2, "status", "lost"),
    ("attendance", 1, "session_code", "S02"),
    ("attendance", 1, "session_code", "S99"),
    ("attendance", 1, "present", None),
    ("attendance", 2, "hours", "6.01"),
    ("attendance", 2, "hours", 1.005),
    ("coaching", 1, "mentor_no", "9999"),
    ("coaching", 1, "mentor_no", None),
    ("coaching", 1, "held_on", "2100-01-01"),
    ("coaching", 1, "kind", "cooking"),
    ("coaching", 1, "started_at", "25:00"),
    ("coaching", 2, "minutes", 0),
    ("coaching", 2, "minutes", 1441),
    ("coaching", 2, "topic", None),
    ("scores", 1, "component", "essay"),
    ("scores", 1, "score", 100.01),
    ("scores", 1, "score", -0.01),
    ("scores", 1, "score", 87.505),
    ("scores", 1, "score", "แปด"),
    ("scores", 1, "max_score", 90),
    ("scores", 2, "panel_member", None),
    ("scores", 2, "officer_no", "9999"),
]


@pytest.mark.parametrize(("sheet", "row", "column", "value"), WRONG)
def test_one_wrong_cell_rejects_the_whole_workbook_and_is_named(session, actor, cohort, sheet, row, column, value):
    before = everything(session)
    rows = copy.deepcopy(ROSTER[sheet])
    rows[row][rows[0].index(column)] = value
    checked = bring(session, actor, workbook(roster(**{sheet: rows})))
    document = reports.as_json(checked, str)
    assert everything(session) == before
    assert all(counts["created"] == counts["updated"] == 0 for counts in document["sheets"].values())
    named = [
        error
        for error in document["errors"]
        if (error["sheet"], error["row"], error["column"]) == (sheet, row + 1, column)
    ]
    assert named, document["errors"]
    assert named[0]["reason"]
    if column == "national_id":
        assert named[0]["value"] == "x-xxxx-xxxxx-70-9"
    else:
        assert named[0]["value"] == ("" if value is None else str(value))


def test_the_same_key_twice_in_a_file_is_rejected(session, actor, cohort):
    for name, rows in ROSTER.items():
        doubled = [*copy.deepcopy(rows), list(rows[1])]
        checked = check_file(session, actor, "roster", workbook(roster(**{name: doubled})))
        assert [(one.sheet, one.row) for one in checked.errors] == [(name, len(doubled))], name


def test_every_problem_is_reported_in_one_go(session, actor, cohort):
    sheets = roster()
    sheets["officers"][1][5] = "x"
    sheets["scores"][1][4] = "y"
    sheets["postings"][2][4] = "z"
    found = {(one.sheet, one.column) for one in check_file(session, actor, "roster", workbook(sheets)).errors}
    assert found == {("officers", "birth_date"), ("postings", "unit_code"), ("scores", "score")}


def test_rows_update_in_place_and_keep_what_was_there(session, actor, cohort):
    bring(session, actor, workbook(ROSTER))
    sheets = roster()
    sheets["officers"][1][3] = "ดีใจ"
    sheets["officers"][1][10] = "standard-managerial-primary"
    sheets["postings"][3][7] = "30/9/2568"
    sheets["attendance"][1][3] = 0
    sheets["enrollments"][2][2] = "completed"
    checked = bring(session, actor, workbook(sheets))
    assert checked.errors == []
    assert {name: counts["updated"] for name, counts in checked.counts().items() if counts["updated"]} == {
        "officers": 1, "postings": 1, "attendance": 1, "enrollments": 1,
    }  # fmt: skip
    changes = {change.thing: (change.before, change.after) for change in session.scalars(select(ImportChange))}
    assert changes["posting"] == ({"end_date": None}, {"end_date": "2025-09-30"})
    assert changes["officer"][1] == {"family_name": "ดีใจ", "qualifications": ["standard-managerial-primary"]}
    assert changes["attendance"] == ({"hours": "6.00", "present": True}, {"hours": "0.00", "present": False})
    from webapp.thai import sort_key

    officer = session.scalars(select(Officer).where(Officer.officer_no == "0001")).one()
    assert officer.sort_key == sort_key("สมชาย ดีใจ")


def test_a_missing_column_leaves_values_and_an_empty_cell_clears(session, actor, cohort):
    bring(session, actor, workbook(ROSTER))
    some = {"officers": [["officer_no", "email"], ["0001", None]], "postings": [
        ["officer_no", "post_code", "unit_code", "start_date", "end_date"],
        ["0001", "policy-analyst", "BMA-X01", "1/10/2550", None],
    ]}  # fmt: skip
    checked = bring(session, actor, workbook(some))
    assert checked.errors == []
    officer = session.scalars(select(Officer).where(Officer.officer_no == "0001")).one()
    assert (officer.email, officer.given_name, officer.national_id) == (None, "สมชาย", "1101700230708")
    posting = session.execute(
        select(Posting.ended_on, Posting.level)
        .join(Post, Post.id == Posting.post_id)
        .where(Post.code == "policy-analyst")
    ).one()
    assert posting == (None, "professional")


def test_a_new_row_needs_its_required_columns(session, actor):
    checked = check_file(session, actor, "officers", workbook({"officers": [["officer_no", "email"], ["0009", None]]}))
    assert {one.column for one in checked.errors} == {"given_name", "family_name", "birth_date", "entry_date"}


def test_type_and_level_default_to_the_posts_own(session, actor, cohort):
    rows = [
        ["officer_no", "post_code", "unit_code", "start_date"],
        ["0001", "district-director", "BMA-D01", "1/10/2566"],
    ]
    bring(session, actor, workbook(roster(postings=rows)))
    assert session.execute(select(Posting.position_type, Posting.level)).one() == ("managerial", "high")


def test_a_row_without_type_of_a_post_without_default_is_rejected(session, actor, cohort):
    rows = [["officer_no", "post_code", "unit_code", "start_date"], ["0001", "clerk", "BMA-D01", "1/10/2566"]]
    checked = check_file(session, actor, "roster", workbook(roster(postings=rows)))
    assert {(one.row, one.column) for one in checked.errors} == {(2, "position_type"), (2, "level")}


def test_odd_rows_are_warned_of_and_come_in(session, actor, cohort):
    sheets = roster()
    sheets["postings"].append(
        ["0002", "section-head", "knowledge", "senior-professional", "BMA-D04", "education", "1/10/2561", None, 0, None]
    )
    sheets["postings"].append(
        ["0003", "clerk", "general", "operational", "BMA-D04", None, "1/6/2530", "1/6/2531", 0, None]
    )
    sheets["officers"].append(["0004", "นาย", "เด็ก", "มาก", None, "1/1/2560", "1/1/2569", None, None, None, None])
    checked = bring(session, actor, workbook(sheets))
    assert checked.errors == []
    odd = {(one.sheet, one.row, one.column) for one in checked.warnings}
    assert {("postings", 6, "start_date"), ("postings", 7, "start_date"), ("officers", 5, "entry_date")} <= odd


def test_a_changed_score_needs_a_reason_and_supersedes(session, actor, cohort):
    bring(session, actor, workbook(ROSTER))
    head, row = ROSTER["scores"][0], ["DD-T-1", "0001", "exam", None, 88, 100]
    refused = bring(session, actor, workbook({"scores": [head, row]}), "scores")
    assert [(one.row, one.column, one.value) for one in refused.errors] == [(2, "score", "88")]
    accepted = bring(session, actor, workbook({"scores": [[*head, "reason"], [*row, "รวมคะแนนผิด"]]}), "scores")
    assert accepted.counts() == {"scores": {"rows": 1, "created": 0, "updated": 1, "unchanged": 0}}
    entries = session.scalars(select(ScoreEntry).where(ScoreEntry.component == "exam").order_by(ScoreEntry.id)).all()
    assert [(one.score, one.reason) for one in entries if one.replaces_id] == [(Decimal(88), "รวมคะแนนผิด")]
    assert Decimal("87.5") in [one.score for one in entries]


def test_blank_and_named_panel_members_do_not_mix_over_two_files(session, actor, cohort):
    bring(session, actor, workbook(ROSTER))
    rows = [ROSTER["scores"][0], ["DD-T-1", "0001", "proposal", None, 80, 100]]
    checked = check_file(session, actor, "scores", workbook({"scores": rows}))
    assert [(one.row, one.column) for one in checked.errors] == [(2, "panel_member")]


def test_an_acknowledged_session_cannot_be_changed(session, actor, cohort):
    bring(session, actor, workbook(ROSTER))
    for column, value in ((6, 91), (7, "อื่น"), (9, 0)):
        rows = copy.deepcopy(ROSTER["coaching"])
        rows[1][column] = value
        checked = check_file(session, actor, "coaching", workbook({"coaching": rows}))
        assert [(one.row, one.column) for one in checked.errors] == [(2, rows[0][column])]
    rows = copy.deepcopy(ROSTER["coaching"])
    rows[2][6] = 61
    rows[2][9] = 1
    assert bring(session, actor, workbook({"coaching": rows}), "coaching").counts()["coaching"]["updated"] == 1


def test_a_file_that_no_longer_fits_is_not_written(session, actor, cohort):
    from webapp.errors import Conflict

    checked = check_file(session, actor, "roster", workbook(ROSTER))
    sheets = roster()
    sheets["scores"][1][4] = 50
    bring(session, actor, workbook(sheets))
    with pytest.raises(Conflict):
        apply_checked(session, actor, checked)


def test_unknown_sheets_are_reported(session, actor, cohort):
    checked = check_file(session, actor, "roster", workbook(roster(notes=[["x"], [1]])))
    assert checked.fit
    assert "notes" in [one.sheet for one in checked.warnings]


def test_a_roster_comes_into_postgresql_just_so(postgres_session, actor):
    session = postgres_session
    make_cohort(session)
    assert bring(session, actor, workbook(ROSTER)).errors == []
    before = everything(session)
    assert bring(session, actor, workbook(ROSTER)).changes_nothing
    sheets = roster()
    sheets["officers"][1][3] = "ดีใจ"
    sheets["coaching"][2][6] = 61
    assert bring(session, actor, workbook(sheets)).counts()["officers"]["updated"] == 1
    assert everything(session) != before


def test_the_entry_rule_is_shown_beside_imported_enrollments_and_not_enforced(session, actor, cohort):
    checked = bring(session, actor, workbook(ROSTER))
    beside = [(one.row, one.value) for one in checked.warnings if one.sheet == "enrollments"]
    # 0001 held assistant district director; 0002 never did; 0003 has withdrawn.
    assert beside == [(3, "0002")]
    assert session.scalar(select(ImportRun)).warnings[-1]["values"] == {"day": "2026-01-04"}


def test_more_holders_than_seats_are_warned_of_once(session, actor, cohort):
    sheets = roster()
    for number in ("0001", "0002"):
        sheets["postings"].append(
            [number, "district-director", None, None, "BMA-D09", None, "1/10/2567", None, 0, None]
        )
    checked = bring(session, actor, workbook(sheets))
    assert checked.errors == []
    told = [(one.row, one.values) for one in checked.warnings if one.sheet == "postings" and one.values.get("seats")]
    assert told == [(7, {"holders": 2, "seats": 1})]
    # Closing one of them in a later file leaves one holder: nothing to warn of.
    rows = [
        ["officer_no", "post_code", "unit_code", "start_date", "end_date"],
        ["0001", "district-director", "BMA-D09", "1/10/2567", "1/10/2568"],
    ]
    later = bring(session, actor, workbook({"postings": rows}), "postings")
    assert [one for one in later.warnings if one.values.get("seats")] == []
