"""States, rules, endings and essay outcomes of exams in words."""

from flask_babel import lazy_gettext as _l

EXAM_STATUS_WORDS = {
    "draft": _l("ร่าง"),
    "ready": _l("พร้อมสอบ"),
    "closed": _l("ปิดสอบแล้ว"),
    "released": _l("ประกาศผลแล้ว"),
    "cancelled": _l("ยกเลิกแล้ว"),
}
EXAM_STATUS_KINDS = {"draft": "plain", "ready": "wait", "closed": "act", "released": "good", "cancelled": "off"}
SHOWS_WORDS = {
    "nothing": _l("ไม่เห็นอะไร"), "marks": _l("คะแนนรวมและคะแนนรายข้อ"), "answers": _l("คะแนนและคำตอบของตน"),
}  # fmt: skip
ESSAY_RULE_WORDS = {
    "third": _l("ผู้ตรวจคนที่สามตรวจ แล้วเฉลี่ยกับคะแนนที่ใกล้กว่า"), "agree": _l("ผู้ตรวจสองคนตกลงคะแนนร่วมกัน"),
    "mean": _l("เฉลี่ยสองคนทุกกรณี"),
}  # fmt: skip
STATE_WORDS = {
    "waiting": _l("ยังไม่เริ่ม"), "writing": _l("กำลังทำ"), "lost": _l("ขาดการติดต่อ"), "finished": _l("ส่งข้อสอบแล้ว"),
    "timed-out": _l("หมดเวลา"),
}  # fmt: skip
STATE_KINDS = {"waiting": "plain", "writing": "good", "lost": "bad", "finished": "off", "timed-out": "act"}
ENDING_WORDS = {"submitted": _l("ส่งเอง"), "time": _l("หมดเวลา"), "staff": _l("เจ้าหน้าที่ยุติ")}
INCIDENT_WORDS = {
    "note": _l("บันทึกเหตุการณ์"), "focus-lost": _l("ออกจากหน้าสอบ"), "extra-time": _l("ให้เวลาเพิ่ม"), "ended": _l("ยุติการสอบ"),
    "late": _l("รับคำตอบที่มาช้า"), "moved": _l("ย้ายเครื่อง"), "closed-early": _l("ปิดการสอบก่อนเวลา"),
}  # fmt: skip
OUTCOME_WORDS = {
    "first": _l("คะแนนของผู้ตรวจ"), "mean": _l("ค่าเฉลี่ยของสองคน"), "third": _l("ตามผู้ตรวจคนที่สาม"), "agreed": _l("คะแนนที่ตกลงร่วมกัน"),
    "needs-first": _l("รอผู้ตรวจคนแรก"), "needs-second": _l("รอผู้ตรวจคนที่สอง"), "needs-third": _l("ต่างกันเกินกำหนด รอผู้ตรวจคนที่สาม"),
    "needs-agreement": _l("ต่างกันเกินกำหนด รอตกลงคะแนน"),
}  # fmt: skip
PART_OF_MARK_WORDS = {
    "first": _l("ผู้ตรวจคนที่ 1"), "second": _l("ผู้ตรวจคนที่ 2"), "third": _l("ผู้ตรวจคนที่ 3"), "agreed": _l("คะแนนที่ตกลง"),
}  # fmt: skip
REGRADE_WORDS = {
    "key": _l("แก้เฉลย"), "points": _l("แก้คะแนนของข้อ"), "void": _l("ตัดข้อนี้ออก"), "full": _l("ให้คะแนนเต็มทุกคน"),
}  # fmt: skip
REGRADE_HELP = {
    "key": _l("ตรวจคำตอบเดิมด้วยเฉลยใหม่"), "points": _l("ข้อนี้มีค่าเท่าใดในการสอบนี้"),
    "void": _l("ไม่นับทั้งคะแนนที่ได้และคะแนนเต็ม"), "full": _l("ทุกคนที่ได้ข้อนี้ได้คะแนนเต็ม แม้ไม่ได้ตอบ"),
}  # fmt: skip
