"""A profile on paper: แบบสังเขปประสบการณ์และผลงาน, with the three columns of the minutes, and every reason after it.

Official Thai documents are written with Thai digits.
"""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webapp import clock, thai
from webapp.careers import queries as careers
from webapp.careers.models import JobProfile, Post
from webapp.careers.profiles import queries, words
from webapp.documents import render
from webapp.language import language

TEMPLATE = "careers/documents/profile.typ"


def pdf(session: Session, post: Post, profile: JobProfile) -> bytes:
    """The document's bytes; a published version gives the same ones again."""
    dated = profile.published_at or clock.now()
    data = _data(session, post, profile)
    return render(TEMPLATE, _thai(data) if language() == "th" else data, dated=dated)


def _thai(value: Any) -> Any:
    """The same with Thai digits, but for the numbers that the template counts with."""
    if isinstance(value, dict):
        return {key: one if key == "language" else _thai(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_thai(one) for one in value]
    return thai.thai_digits(value) if isinstance(value, str) else value


def _data(session: Session, post: Post, profile: JobProfile) -> dict[str, Any]:
    document, levels = profile.document, careers.level_names(session)
    named = queries.competencies_as_published(session, profile)
    course = careers.course(session, document["course"]) if document.get("course") else None
    return {
        "language": language(),
        "title": _("แบบสังเขปประสบการณ์และผลงาน (Job Profile)"),
        "post": words.in_language(post),
        "header": _("สำนักงาน ก.ก. กรุงเทพมหานคร"),
        "footer": _status(profile),
        "draft": "" if profile.status == "published" else str(words.STATUSES[profile.status][0]),
        "facts": [
            [_("ตำแหน่ง"), words.in_language(post)],
            [_("ประเภทและระดับ"), words.in_language(levels.get((post.position_type, post.level)))],
            [_("ฉบับ"), _status(profile)],
            [_("หลักสูตร"), words.in_language(course) if course else _("ไม่มี")],
        ],
        "texts": [
            {"title": str(words.PARTS[part]), "rows": [_text(row) for row in document.get(part) or ()]}
            for part in ("duties", "nature", "characteristics")
        ],
        "columns": [str(words.PARTS["competencies"]), _("เกณฑ์การพิจารณา"), _("การพัฒนา")],
        "competencies": _by_group(document.get("competencies") or (), named),
        "criteria": list(_criteria(document.get("criteria"))),
        "development": [
            f"{words.DEVELOPMENT_STEPS.get(row.get('step'), '')}: {words.in_language(row)}".lstrip(": ")
            for row in document.get("development") or ()
        ],
        "measured": {
            "title": _("การวัดและประเมินสมรรถนะ"),
            "headings": [_("สมรรถนะ"), _("ระดับ"), _("วัดอย่างไร"), _("ใครเป็นผู้ประเมิน")],
            "rows": [
                [words.in_language(named.get(row["competency"])) or row["competency"], str(row["expected_level"]),
                 words.told(row, "method"), words.told(row, "assessor")]
                for row in document.get("competencies") or ()
            ],
        },
        "entry": {"title": words.in_language(document.get("course_entry")), "rows": list(_criteria(document.get("course_entry")))},
        "reasons": {
            "title": _("เหตุผลและที่มาของเกณฑ์"),
            "headings": [_("เกณฑ์"), _("เหตุผล"), _("ที่มา")],
            "rows": [*_reasons(document.get("criteria")), *_reasons(document.get("course_entry"))],
        },
        "nothing": _("ยังไม่มี"),
        "ours": _("* ข้อเสนอของผู้จัดทำ มิได้ระบุในเอกสารที่อ้างถึง"),
    }  # fmt: skip


def _status(profile: JobProfile) -> str:
    if profile.status == "published":
        when = thai.day(profile.published_at.astimezone(clock.BANGKOK).date()) if profile.published_at else ""
        return _("ฉบับที่ %(version)s เผยแพร่เมื่อ %(when)s", version=profile.version, when=when)
    return _("ฉบับที่ %(version)s (%(status)s)", version=profile.version, status=words.STATUSES[profile.status][0])


def _text(row: dict[str, Any]) -> str:
    return words.in_language(row) + (" *" if row.get("ours") else "")


def _by_group(rows: Any, named: dict[str, Any]) -> list[dict[str, Any]]:
    groups: dict[str, list[str]] = {}
    for row in rows:
        name = words.in_language(named.get(row["competency"])) or row["competency"]
        groups.setdefault(row["group"], []).append(
            _("%(name)s (ระดับ %(level)s)", name=name, level=row["expected_level"])
        )
    return [{"title": str(words.COMPETENCY_GROUPS.get(group, group)), "rows": names} for group, names in groups.items()]


def _criteria(tree: dict[str, Any] | None, depth: int = 0, number: str = "") -> Any:
    """The criteria numbered as in the minutes, each with its depth."""
    for n, child in enumerate((tree or {}).get("of") or (), start=1):
        own = f"{number}{n}"
        joined = {"any": _("ข้อใดข้อหนึ่ง"), "at_least": _("อย่างน้อย %(count)s ข้อ", count=child.get("k"))}.get(
            child["kind"], ""
        )
        told = words.in_language(child) + (f" ({joined})" if joined else "") + (" *" if child.get("ours") else "")
        yield {"number": f"{own}.", "text": told, "depth": depth}
        yield from _criteria(child, depth + 1, f"{own}.")


def _reasons(tree: dict[str, Any] | None) -> Any:
    for child in (tree or {}).get("of") or ():
        reason = words.told(child, "reason")
        if reason or child.get("source"):
            marked = reason + (" *" if child.get("reason_ours") else "")
            yield [words.in_language(child), marked, words.told(child, "source")]
        yield from _reasons(child)
