"""Actions, things and fields of the audit log in the reader's words; a code nobody has named yet shows as it is."""

from typing import Any

from flask_babel import lazy_gettext as _l

THINGS: dict[str, Any] = {
    "account": _l("บัญชีผู้ใช้"),
    "officer": _l("ข้าราชการ"),
    "cohort": _l("รุ่นของหลักสูตร"),
    "course": _l("หลักสูตร"),
    "enrollment": _l("การเข้าอบรม"),
    "coaching_session": _l("การสอนงาน"),
    "import": _l("การนำเข้าข้อมูล"),
    "shortlist_run": _l("รายชื่อที่เสนอ"),
}

VERBS: dict[str, Any] = {
    "create": _l("สร้าง"),
    "change": _l("แก้ไข"),
    "delete": _l("ลบ"),
    "void": _l("ยกเลิกรายการ"),
    "correct": _l("แก้ไขให้ถูกต้อง"),
    "disable": _l("ปิด"),
    "enable": _l("เปิด"),
    "link": _l("ผูกบัญชี"),
    "issue": _l("ออก"),
    "begin": _l("เริ่ม"),
    "end": _l("สิ้นสุด"),
    "load": _l("โหลด"),
    "apply": _l("นำเข้า"),
    "record": _l("บันทึก"),
    "acknowledge": _l("รับรอง"),
    "release": _l("ประกาศ"),
    "confirm": _l("ยืนยัน"),
    "publish": _l("เผยแพร่"),
    "close": _l("ปิดรุ่น"),
    "draw-up": _l("จัดทำ"),
    "approve": _l("อนุมัติ"),
    "submit": _l("ส่ง"),
    "supersede": _l("แทนที่"),
}

SUBJECTS: dict[str, Any] = {
    "accounts:account": _l("บัญชีผู้ใช้"),
    "accounts:link": _l("ลิงก์ใช้ครั้งเดียว"),
    "accounts:password": _l("รหัสผ่าน"),
    "accounts:sign-in": _l("การเข้าระบบ"),
    "accounts:invitations": _l("คำเชิญหลายคน"),
    "officers:account": _l("บัญชีของข้าราชการ"),
}

FIELDS: dict[str, Any] = {
    "email": _l("อีเมล"),
    "name": _l("ชื่อ"),
    "roles": _l("บทบาท"),
    "active": _l("ใช้งานได้"),
    "purpose": _l("จุดประสงค์"),
    "by_mail": _l("ส่งทางอีเมล"),
    "expires_at": _l("ใช้ได้ถึง"),
    "ended": _l("จำนวนที่สิ้นสุด"),
    "accounts": _l("บัญชี"),
    "account": _l("บัญชี"),
    "role": _l("บทบาท"),
    "status": _l("สถานะ"),
    "value": _l("ค่า"),
    "reason": _l("เหตุผล"),
}

ACTORS = {"account": _l("ผู้ใช้"), "operator": _l("ผู้ดูแลเครื่อง"), "system": _l("ระบบ")}


def action(code: str) -> str:
    """An action in words: what, then how."""
    room, _, rest = code.partition(":")
    thing, _, verb = rest.rpartition(":")
    if verb not in VERBS and f"{room}:{thing}" not in SUBJECTS and thing not in THINGS:
        return code
    subject = SUBJECTS.get(f"{room}:{thing}") or THINGS.get(thing.replace("-", "_")) or thing
    return f"{subject}: {VERBS.get(verb, verb)}"


def thing(code: str) -> str:
    """A kind of thing in words."""
    return str(THINGS.get(code) or THINGS.get(code.replace("-", "_")) or code)


def field(code: str) -> str:
    """A field in words."""
    return str(FIELDS.get(code, code))
