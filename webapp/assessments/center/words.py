"""Words of the assessment center for the reader: kinds, statuses, what is missing, where a conflict comes from."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.assessments.center.setting import Missing

CENTER_STATUS_WORDS = {
    "draft": _l("ร่าง"), "approved": _l("อนุมัติแล้ว"), "closed": _l("ปิดการประเมินแล้ว"), "released": _l("แจ้งผลแล้ว"),
}  # fmt: skip
CENTER_STATUS_KINDS = {"draft": "wait", "approved": "good", "closed": "plain", "released": "good"}
METHOD_WORDS = {
    "consensus": _l("หารือจนเห็นพ้อง (consensus)"),
    "mechanical": _l("คำนวณจากน้ำหนักที่ประกาศไว้ (mechanical)"),
}
EXERCISE_WORDS = {
    "in-basket": _l("งานในถาด (in-basket)"), "group-discussion": _l("อภิปรายกลุ่ม"), "role-play": _l("บทบาทสมมติ"),
    "case-analysis": _l("วิเคราะห์กรณีศึกษา"), "presentation": _l("นำเสนอ"),
}  # fmt: skip
AUDIENCE_WORDS = {"participants": _l("สำหรับผู้เข้ารับการประเมิน"), "assessors": _l("สำหรับผู้ประเมินเท่านั้น")}
CONFLICT_WORDS = {
    "supervisor": _l("ผู้บังคับบัญชา"), "mentor": _l("พี่เลี้ยงหรือผู้สอนงาน"), "relative": _l("ญาติ"), "other": _l("อื่น ๆ"),
}  # fmt: skip
SOURCE_WORDS = {
    "declared": _l("ผู้ประเมินแจ้งเอง"),
    "self": _l("ทะเบียนประวัติ: เป็นบุคคลเดียวกัน"),
    "supervisor": _l("ทะเบียนประวัติ: เป็นผู้บังคับบัญชาโดยตรง"),
    "superior": _l("ทะเบียนประวัติ: เป็นผู้บังคับบัญชาเหนือขึ้นไปหนึ่งชั้น"),
    "mentor": _l("การจับคู่พี่เลี้ยงในรุ่น %(cohort)s"),
    "cohort-mentor": _l("เป็นพี่เลี้ยงในรุ่น %(cohort)s ที่ผู้นี้เข้าอบรม"),
}

_MISSING = {
    "purpose": _l("ยังไม่ได้เขียนนโยบายข้อวัตถุประสงค์"),
    "who_sees": _l("ยังไม่ได้เขียนนโยบายข้อใครเห็นอะไร"),
    "retention": _l("ยังไม่ได้เขียนนโยบายข้อการเก็บรักษา"),
    "stars": _l("เกณฑ์ดาวเด่นยังไม่มีเหตุผล"),
    "no-exercises": _l("ยังไม่มีแบบฝึก"),
    "no-simulation": _l("ต้องมีแบบฝึกที่เป็นสถานการณ์จำลองอย่างน้อยหนึ่งแบบ (งานในถาด อภิปรายกลุ่ม หรือบทบาทสมมติ)"),
    "exercise-measures-nothing": _l("แบบฝึก %(about)s ยังไม่วัดสมรรถนะใด"),
    "not-measured": _l("สมรรถนะ %(about)s ยังไม่มีแบบฝึกใดวัด"),
    "in-too-few-exercises": _l("สมรรถนะ %(about)s ต้องวัดในแบบฝึกอย่างน้อยสองแบบ"),
    "nobody-observes": _l("แบบฝึก %(about)s ยังไม่มีทั้งผู้ประเมินในห้องและผู้ตรวจงานเขียน"),
    "instructions": _l("แบบฝึก %(about)s ยังไม่มีคำชี้แจงภาษาไทย"),
    "participants": _l("ยังไม่มีผู้เข้ารับการประเมิน"),
    "assessors": _l("ต้องมีผู้ประเมินอย่างน้อย %(count)s คน"),
    "untrained": _l("ผู้ประเมิน %(about)s ยังไม่ได้ผ่านการอบรม"),
    "rooms": _l("ยังไม่มีห้อง"),
    "blocks": _l("ยังไม่มีช่วงเวลา"),
}
PAGE_OF_MISSING = {
    "purpose": "center_edit", "who_sees": "center_edit", "retention": "center_edit", "stars": "center_edit",
    "no-exercises": "center_exercises", "no-simulation": "center_exercises", "instructions": "center_exercises",
    "nobody-observes": "center_exercises",
    "exercise-measures-nothing": "center_matrix", "not-measured": "center_matrix",
    "in-too-few-exercises": "center_matrix", "participants": "center_participants", "assessors": "center_assessors",
    "untrained": "center_assessors", "rooms": "center_places", "blocks": "center_places",
}  # fmt: skip


def missing_words(one: Missing, names: Mapping[str, str]) -> str:
    """What is missing, in a sentence; ``names`` turns codes of exercises and competencies into names."""
    return str(_MISSING[one.code] % {"about": names.get(one.about, one.about), "count": one.count})


def source_of(found: Any) -> str:
    """Where a conflict of interest is known from; a declared one with the note given."""
    words = str(SOURCE_WORDS[found.source])
    return (
        words % {"cohort": found.note}
        if found.source != "declared"
        else f"{words}: {found.note}"
        if found.note
        else words
    )


def count_words(number: int) -> str:
    """A number of people."""
    return _("%(count)s คน", count=number)


def stars_sentence(center: Any) -> str:
    """The rule for stars in one sentence."""
    rule = center.stars or {}
    if not rule.get("performance"):
        return "—"
    return _(
        "ผลงาน %(performance)s ขึ้นไป ศักยภาพ %(potential)s ขึ้นไป และไม่มีสมรรถนะใดต่ำกว่า %(lowest)s",
        performance=rule["performance"], potential=rule["potential"], lowest=rule["lowest"],
    )  # fmt: skip


_NO_STAR = {
    "no-performance": _l("ยังไม่มีผลงาน"), "not-rated": _l("ยังไม่มีผลสุดท้าย"), "performance": _l("ผลงานไม่ถึงเกณฑ์"),
    "potential": _l("ศักยภาพไม่ถึงเกณฑ์"), "lowest": _l("มีสมรรถนะต่ำกว่าที่กำหนด"),
}  # fmt: skip


def star_words(why_not: tuple[str, ...]) -> str:
    """Which parts of the rule for stars somebody does not reach."""
    return ", ".join(str(_NO_STAR[one]) for one in why_not)
