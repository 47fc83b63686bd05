"""How development plans read: states, actions, shares, notes."""

from flask_babel import lazy_gettext as _l

STATES = {
    "draft": (_l("ร่าง"), "off"),
    "proposed": (_l("รอความเห็นชอบ"), "act"),
    "returned": (_l("ส่งคืนให้แก้ไข"), "bad"),
    "agreed": (_l("เห็นชอบแล้ว"), "good"),
    "in-progress": (_l("กำลังดำเนินการ"), "wait"),
    "closed": (_l("ปิดแล้ว"), "off"),
    "superseded": (_l("มีฉบับใหม่แทนแล้ว"), "off"),
}
LINE_STATES = {
    "open": (_l("กำลังทำ"), "wait"),
    "done": (_l("ทำแล้ว"), "good"),
    "not-done": (_l("ไม่ได้ทำ"), "off"),
}
ACTIONS = {
    "assignment": _l("มอบหมายงานให้ลงมือทำ"),
    "rotation": _l("หมุนเวียนงานหรือรับมอบหมายกำกับดูแลฝ่าย"),
    "project": _l("ทำโครงการ"),
    "coaching": _l("รับการสอนงาน"),
    "mentoring": _l("ปรึกษาพี่เลี้ยง"),
    "shadowing": _l("ติดตามเรียนรู้งานจากผู้บริหาร"),
    "course": _l("เข้ารับการอบรม"),
    "self-study": _l("ศึกษาด้วยตนเอง"),
    "assessment": _l("เข้ารับการประเมินหรือขอคุณสมบัติ"),
    "other": _l("อื่น ๆ"),
}
SHARES = {
    70: _l("70 เรียนรู้จากการลงมือทำงาน"),
    20: _l("20 เรียนรู้จากผู้อื่น"),
    10: _l("10 เรียนรู้จากหลักสูตร"),
}
NOTES = {
    "note": _l("บันทึกความก้าวหน้า"),
    "done": _l("ทำแล้ว"),
    "not-done": _l("ไม่ได้ทำ"),
    "reopened": _l("เปิดรายการอีกครั้ง"),
}
