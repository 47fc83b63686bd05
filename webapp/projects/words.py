"""How projects read: kinds, states, what happened."""

from flask_babel import lazy_gettext as _l

KINDS = {"project": _l("โครงการที่ได้รับมอบหมาย"), "proposal": _l("โครงร่างข้อเสนอการพัฒนางาน")}
STATES = {
    "working": (_l("กำลังดำเนินการ"), "wait"),
    "submitted": (_l("ส่งแล้ว รอพิจารณา"), "act"),
    "returned": (_l("ส่งคืนให้แก้ไข"), "bad"),
    "accepted": (_l("ยอมรับแล้ว"), "good"),
}
EVENTS = {
    "progress": _l("บันทึกความก้าวหน้า"),
    "comment": _l("ความเห็นของพี่เลี้ยง"),
    "submitted": _l("ส่งงาน"),
    "taken-back": _l("ถอนการส่ง"),
    "accepted": _l("ยอมรับงาน"),
    "returned": _l("ส่งคืนให้แก้ไข"),
}
TEMPLATE = (_l("เสนอหัวข้อและขอบเขต"), _l("เก็บข้อมูลและวิเคราะห์"), _l("ลงมือปฏิบัติ"), _l("สรุปผลและเขียนรายงาน"))
"""Steps offered when an assignment is made (ours): staff change them as they like."""
