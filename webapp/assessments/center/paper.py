"""The center's printed documents, in the reader's language: the policy with exercises and matrix, a participant's report."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webapp import clock, thai
from webapp.assessments.center import queries, words
from webapp.assessments.center.models import Center
from webapp.assessments.center.outcome import Outcome, competencies_of, expected_levels
from webapp.careers.models import Post
from webapp.careers.words import in_language as named
from webapp.documents import render
from webapp.language import language

TEXT = "assessments/documents/center_text.typ"


def policy_pdf(session: Session, center: Center) -> bytes:
    """The policy document; once approved, the same bytes again."""
    exercises = queries.exercises_of(session, center.id)
    cells = queries.cells_of(session, center.id)
    competencies = queries.competencies_offered(session, center)
    post = session.get(Post, center.post_id) if center.post_id is not None else None
    dated = center.approved_at or clock.now()
    status = str(words.CENTER_STATUS_WORDS[center.status])
    data = {
        "title": f"{_('นโยบายของศูนย์การประเมิน')} {named(center)}",
        "header": _("กรุงเทพมหานคร"),
        "footer": f"{center.code} · {status} · {thai.moment(dated, language())}",
        "language": language(),
        "facts": [
            [_("ตำแหน่งเป้าหมาย"), named(post) if post is not None else "—"],
            [_("วิธีสรุปผลที่ประกาศไว้"), str(words.METHOD_WORDS[center.method])],
            [_("อนุมัติโดย"), f"{center.approved_by} {thai.moment(center.approved_at, language())}".strip() or "—"],
        ],
        "parts": [
            part(_("วัตถุประสงค์"), center.purpose), part(_("ใครเห็นอะไร"), center.who_sees),
            part(_("การเก็บรักษา"), center.retention),
            part(_("เกณฑ์ดาวเด่น"), "\n".join((words.stars_sentence(center), str(center.stars.get("reason", ""))))),
            table(_("แบบฝึก"), [_("แบบฝึก"), _("ชนิด"), _("นาที")],
                  [[named(row), str(words.EXERCISE_WORDS[row.kind]), str(row.minutes)] for row in exercises], [2], [3, 2, 0]),
            table(_("ตารางสมรรถนะ"), [_("สมรรถนะ"), *(named(row) for row in exercises)],
                  [[named(one), *(_weight(cells.get((row.id, one.code))) for row in exercises)] for one in competencies],
                  list(range(1, len(exercises) + 1)), [2, *(1 for _row in exercises)]),
        ],
    }  # fmt: skip
    return render(TEXT, data, dated=dated)


def report_pdf(session: Session, center: Center, one: Outcome) -> bytes:
    """The participant's report; the same bytes again for the same version."""
    report, officer = one.report, one.participant.officer
    assert report is not None
    expected = expected_levels(session, center)
    rows = [
        [
            named(row),
            str(one.finals[row.code].rating),
            str(expected.get(row.code, "—")),
            one.finals[row.code].note or "—",
        ]
        for row in competencies_of(session, center)
        if row.code in one.finals
    ]
    dated = center.released_at or report.written_at
    data = {
        "title": _("รายงานผลศูนย์การประเมิน"),
        "header": _("กรุงเทพมหานคร"),
        "footer": f"{center.code} · {officer.officer_no} · {thai.moment(dated, language())}",
        "language": language(),
        "facts": [
            [_("ชื่อ"), named(officer)], [_("เลขประจำตัว"), officer.officer_no], [_("ศูนย์การประเมิน"), named(center)],
            [_("ผลรวม"), _("ระดับ %(level)s", level=report.overall)],
            [_("วิธีสรุปผลที่ประกาศไว้"), str(words.METHOD_WORDS[center.method])],
        ],
        "parts": [
            table(_("ผลสุดท้ายของแต่ละสมรรถนะ"), [_("สมรรถนะ"), _("ผล"), _("ที่คาดหวัง"), _("หมายเหตุ")], rows, [1, 2], [3, 0, 0, 3]),
            *([part(_("เหตุผลของผลรวม"), report.overall_note)] if report.overall_note else []),
            part(_("จุดแข็ง"), report.strengths), part(_("สิ่งที่ควรพัฒนา"), report.needs),
            part(_("คำแนะนำ"), report.advice),
            part(_("วัตถุประสงค์"), center.purpose), part(_("การเก็บรักษา"), center.retention),
        ],
    }  # fmt: skip
    return render(TEXT, data, dated=dated)


def part(title: str, text: str) -> dict[str, Any]:
    """A chapter of paragraphs."""
    lines = [line for line in text.split("\n") if line.strip()] or ["—"]
    return {"title": title, "lines": lines, "headings": [], "rows": [], "right": [], "widths": []}


def table(
    title: str, headings: list[str], rows: list[list[str]], right: list[int], widths: list[int], lead: str = ""
) -> dict[str, Any]:
    """A chapter of one table; ``widths`` are shares, 0 as wide as the words."""
    lines = [lead] if lead else []
    return {"title": title, "lines": lines, "headings": headings, "rows": rows, "right": right, "widths": widths}


def _weight(cell: Any) -> str:
    return thai.number(cell.weight) if cell is not None else "—"
