"""How coaching reads: kinds, states, and minutes as hours and minutes, exact."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

KINDS = {
    "coaching": _l("การสอนงาน (Coaching)"),
    "mentoring": _l("การให้คำปรึกษา (Mentoring)"),
    "shadowing": _l("การติดตามเรียนรู้งาน (Shadowing)"),
}
STATES = {
    "waiting": (_l("รอรับรอง"), "act"),
    "questioned": (_l("ผู้เข้ารับการอบรมแจ้งว่าไม่ตรง"), "bad"),
    "acknowledged": (_l("รับรองแล้ว"), "good"),
    "withdrawn": (_l("ถอนแล้ว"), "off"),
}


def hours_and_minutes(minutes: int) -> str:
    """Minutes as hours and minutes: 90 reads 1 h 30 min; nothing is rounded."""
    hours, rest = divmod(minutes, 60)
    if hours and rest:
        return _("%(hours)s ชม. %(minutes)s นาที", hours=f"{hours:,}", minutes=rest)
    return _("%(hours)s ชม.", hours=f"{hours:,}") if hours or not rest else _("%(minutes)s นาที", minutes=rest)
