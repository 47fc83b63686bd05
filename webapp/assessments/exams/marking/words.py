"""What markers and candidates may be to each other, and how it is known, in words."""

from flask_babel import lazy_gettext as _l

CONFLICT_WORDS = {
    "supervisor": _l("ผู้บังคับบัญชา"), "mentor": _l("พี่เลี้ยงหรือผู้สอนงาน"), "relative": _l("ญาติหรือผู้ใกล้ชิด"), "other": _l("เหตุอื่น"),
}  # fmt: skip
FOUND_WORDS = {
    "register": _l("จากทะเบียน"), "declared": _l("ผู้ตรวจแจ้งเอง"), "staff": _l("เจ้าหน้าที่บันทึก"),
}  # fmt: skip
RESULT_STATE_WORDS = {
    "marked": _l("ตรวจครบแล้ว"), "waiting": _l("รอตรวจข้อเขียน"), "writing": _l("กำลังทำ"), "absent": _l("ไม่ได้เข้าสอบ"),
}  # fmt: skip
RESULT_STATE_KINDS = {"marked": "good", "waiting": "wait", "writing": "act", "absent": "off"}
