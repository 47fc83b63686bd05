"""Actions, things and fields of the audit log in the reader's words; a code nobody has named yet shows as it is.

Thai and English side by side: the log's short words ("opened", "closed") would get in the way of other rooms' texts.
"""

import re
from typing import Any

from webapp.accounts.forms import ROLE_WORDS
from webapp.language import language

Pair = tuple[str, str]

THINGS: dict[str, Pair] = {
    "center": ("ศูนย์การประเมิน", "Assessment center"),
    "centerexercise": ("แบบฝึกของศูนย์การประเมิน", "Exercise of an assessment center"),
    "centerparticipant": ("ผู้เข้ารับการประเมิน", "Participant of an assessment center"),
    "centerrating": ("คะแนนในศูนย์การประเมิน", "Ratings in an assessment center"),
    "attempt": ("การทำข้อสอบ", "Attempt"),
    "candidate": ("ผู้เข้าสอบ", "Candidate"),
    "essay": ("ข้อเขียน", "Essay"),
    "exam": ("การสอบ", "Exam"),
    "talentmember": ("กลุ่มผู้มีศักยภาพสูง", "Talent pool"),
    "workforceforecast": ("พยากรณ์กำลังคน", "Workforce forecast"),
    "workforceplan": ("แผนเตรียมกำลังคน", "Workforce plan"),
    "account": ("บัญชีผู้ใช้", "Account"),
    "assessmentplan": ("แผนการประเมิน", "Assessment plan"),
    "backup": ("ไฟล์สำรอง", "Backup"),
    "coachingsession": ("การสอนงาน", "Coaching session"),
    "careerpath": ("เส้นทางความก้าวหน้า", "Career path"),
    "cohort": ("รุ่นของหลักสูตร", "Cohort"),
    "bodyremark": ("มติและข้อสังเกต", "Resolution or remark"),
    "remark": ("มติและข้อสังเกต", "Resolution or remark"),
    "jobprofile": ("แบบสังเขปฯ", "Job profile"),
    "profileevidence": ("หลักฐานประกอบ", "Evidence"),
    "competency": ("สมรรถนะ", "Competency"),
    "competencyrating": ("ผลประเมินสมรรถนะ", "Competency rating"),
    "component": ("องค์ประกอบคะแนน", "Component"),
    "course": ("หลักสูตร", "Course"),
    "coursesession": ("คาบเรียน", "Session"),
    "delegation": ("การมอบหมาย", "Delegation"),
    "demonstration": ("ข้อมูลสาธิต", "Demonstration"),
    "developmentplan": ("แผนพัฒนารายบุคคล", "Development plan"),
    "enrollment": ("การเข้าอบรม", "Enrollment"),
    "evidencedwork": ("ผลงานเชิงประจักษ์", "Evidenced work"),
    "exceptionrule": ("หลักเกณฑ์ข้อยกเว้น", "Exception rule"),
    "importrun": ("การนำเข้าข้อมูล", "Import"),
    "levelconversion": ("การเทียบระดับเดิม", "Conversion of old levels"),
    "mentorpairing": ("การจับคู่ผู้สอนงาน", "Mentor pairing"),
    "milestone": ("งานย่อยของโครงการ", "Milestone"),
    "objection": ("คำคัดค้าน", "Objection"),
    "objectionwindow": ("ช่วงรับคำคัดค้าน", "Objection window"),
    "officer": ("ข้าราชการ", "Officer"),
    "panelmember": ("กรรมการให้คะแนน", "Panel member"),
    "positionlevel": ("ระดับตำแหน่ง", "Position level"),
    "post": ("ตำแหน่ง", "Post"),
    "posting": ("การดำรงตำแหน่ง", "Posting"),
    "projectassignment": ("โครงการ", "Project"),
    "qualification": ("คุณสมบัติ", "Qualification"),
    "reference": ("ข้อมูลตั้งต้น", "Reference data"),
    "scenario": ("ฉากทัศน์", "Scenario"),
    "score": ("คะแนน", "Score"),
    "scoreentry": ("คะแนน", "Score"),
    "scorerelease": ("การประกาศคะแนน", "Release of scores"),
    "section": ("ฝ่าย", "Section"),
    "shortlistrun": ("รายชื่อที่เสนอ", "Shortlist"),
    "training": ("การฝึกอบรม", "Training record"),
    "trainingrecord": ("การฝึกอบรม", "Training record"),
    "unit": ("หน่วยงาน", "Unit"),
}

SUBJECTS: dict[str, Pair] = {
    "assessments:center": ("ศูนย์การประเมิน", "Assessment center"),
    "assessments:attempt": ("การทำข้อสอบ", "Attempt"),
    "assessments:essay": ("ข้อเขียน", "Essays"),
    "assessments:exam": ("การสอบ", "Exam"),
    "assessments:standard": ("เกณฑ์ผ่าน", "Pass mark"),
    "workforce:plan": ("แผนเตรียมกำลังคน", "Workforce plan"),
    "accounts:link": ("ลิงก์ใช้ครั้งเดียว", "One-time link"),
    "accounts:password": ("รหัสผ่าน", "Password"),
    "accounts:sign-in": ("การเข้าระบบ", "Sign-in"),
    "accounts:invitations": ("คำเชิญหลายคน", "Invitations"),
    "assessments:panel": ("กรรมการให้คะแนน", "Panel"),
    "assessments:plan": ("แผนการประเมิน", "Assessment plan"),
    "assessments:rating": ("ผลประเมินสมรรถนะ", "Competency rating"),
    "careers:equivalent": ("หลักสูตรเทียบเท่า", "Equivalent course"),
    "careers:level-conversion": ("การเทียบระดับเดิม", "Conversion of old levels"),
    "careers:path": ("เส้นทางความก้าวหน้า", "Career path"),
    "careers:path-rule": ("กฎของเส้นทาง", "Rule of paths"),
    "careers:position_level": ("ระดับตำแหน่ง", "Position level"),
    "careers:post": ("ตำแหน่ง", "Post"),
    "careers:profile": ("แบบสังเขปฯ", "Job profile"),
    "careers:evidence": ("หลักฐานประกอบ", "Evidence"),
    "careers:remark": ("มติและข้อสังเกต", "Resolution or remark"),
    "careers:competency": ("สมรรถนะ", "Competency"),
    "careers:qualification": ("คุณสมบัติ", "Qualification"),
    "careers:reference": ("ข้อมูลตั้งต้น", "Reference data"),
    "careers:seat": ("จำนวนอัตรา", "Seats"),
    "careers:section": ("ฝ่าย", "Section"),
    "careers:unit": ("หน่วยงาน", "Unit"),
    "coaching:pairing": ("การจับคู่ผู้สอนงาน", "Mentor pairing"),
    "coaching:session": ("การสอนงาน", "Coaching session"),
    "courses:attendance": ("การเข้าเรียน", "Attendance"),
    "courses:session": ("คาบเรียน", "Session"),
    "demo:institute": ("ข้อมูลสาธิต", "Demonstration"),
    "exports:agreement": ("ความสอดคล้องของกรรมการ", "Agreement between members"),
    "exports:record": ("ประวัติการพัฒนา", "Development record"),
    "exports:scorecards": ("ใบคะแนน", "Scorecards"),
    "imports:file": ("ไฟล์นำเข้า", "Import file"),
    "officers:account": ("บัญชีของข้าราชการ", "Officer's account"),
    "officers:national-id": ("เลขประจำตัวประชาชน", "National id"),
    "officers:work": ("ผลงานเชิงประจักษ์", "Evidenced work"),
    "plans:item": ("รายการในแผนพัฒนา", "Item of a development plan"),
    "plans:plan": ("แผนพัฒนารายบุคคล", "Development plan"),
    "projects:assignment": ("โครงการ", "Project"),
    "projects:file": ("ไฟล์ของโครงการ", "Project file"),
    "readiness:scenario": ("ฉากทัศน์", "Scenario"),
    "shortlist:discretion": ("การใช้ดุลยพินิจ", "Discretion"),
    "shortlist:run": ("รายชื่อที่เสนอ", "Shortlist"),
    "shortlist:tie": ("คะแนนเท่ากันที่ลำดับสุดท้าย", "Tie across the line"),
}

VERBS: dict[str, Pair] = {
    "exam-room": ("จัดห้องสอบ", "rooms changed"),
    "assessor": ("บันทึกผู้ประเมิน", "assessor recorded"),
    "block": ("บันทึกช่วงเวลา", "time recorded"),
    "conflict-remove": ("นำส่วนได้เสียออก", "conflict of interest taken away"),
    "discuss": ("บันทึกการหารือ", "discussion recorded"),
    "exercise": ("บันทึกแบบฝึก", "exercise saved"),
    "exercise-remove": ("นำแบบฝึกออก", "exercise taken out"),
    "material": ("เก็บเอกสาร", "document kept"),
    "material-remove": ("นำเอกสารออก", "document taken out"),
    "matrix": ("บันทึกตารางสมรรถนะ", "matrix saved"),
    "participants": ("เปลี่ยนผู้เข้ารับการประเมิน", "participants changed"),
    "performance": ("บันทึกผลงาน", "performance recorded"),
    "rate": ("ส่งคะแนนผู้ประเมิน", "ratings submitted"),
    "rating-correct": ("แก้ไขคะแนนผู้ประเมิน", "rating corrected"),
    "report": ("เขียนรายงาน", "report written"),
    "room": ("บันทึกห้อง", "room recorded"),
    "timetable": ("จัดตาราง", "timetable arranged"),
    "timetable-change": ("ปรับตาราง", "timetable changed"),
    "timetable-clear": ("ลบตาราง", "timetable deleted"),
    "accept-late": ("รับคำตอบที่มาช้า", "late answer accepted"),
    "admit": ("เพิ่มผู้เข้าสอบ", "candidates admitted"),
    "blueprint": ("บันทึกผังข้อสอบ", "blueprint saved"),
    "dismiss-marker": ("ถอนผู้ตรวจ", "marker taken off"),
    "extra-time": ("ให้เวลาเพิ่ม", "extra time given"),
    "incident": ("บันทึกเหตุการณ์", "incident noted"),
    "name-marker": ("แต่งตั้งผู้ตรวจ", "marker named"),
    "plan": ("วางแผน", "planned"),
    "ready": ("ยืนยันความพร้อม", "made ready"),
    "regrade": ("ตรวจใหม่", "regraded"),
    "declare": ("แจ้งความเกี่ยวข้อง", "closeness declared"),
    "estimate": ("ส่งค่าประเมิน", "estimates submitted"),
    "keep-apart": ("กันผู้ตรวจออก", "marker kept apart"),
    "panel": ("ตั้งคณะผู้ตัดสิน", "panel named"),
    "rule": ("กำหนดกติกา", "rule set"),
    "transfer": ("โอนคะแนน", "transferred"),
    "turn-down": ("ไม่รับ", "turned down"),
    "sitting": ("กำหนดรอบสอบ", "sitting set"),
    "start": ("เริ่ม", "begun"),
    "to-draft": ("นำกลับเป็นร่าง", "taken back as a draft"),
    "undo-regrade": ("ยกเลิกการตรวจใหม่", "regrade undone"),
    "cancel": ("ยกเลิก", "called off"),
    "paper-marks": ("นำคะแนนกระดาษเข้า", "paper marks brought in"),
    "print": ("พิมพ์", "printed"),
    "unseat": ("นำผู้เข้าสอบออก", "candidate taken off"),
    "move": ("ย้ายเครื่อง", "moved to another machine"),
    "sittings": ("จัดห้องสอบ", "rooms assigned"),
    "add-duties": ("เพิ่มหน้าที่", "duty added"),
    "change-duties": ("แก้ไขหน้าที่", "duty changed"),
    "move-duties": ("เลื่อนหน้าที่", "duty moved"),
    "remove-duties": ("ลบหน้าที่", "duty removed"),
    "add-nature": ("เพิ่มลักษณะงาน", "nature of the work added"),
    "change-nature": ("แก้ไขลักษณะงาน", "nature of the work changed"),
    "move-nature": ("เลื่อนลักษณะงาน", "nature of the work moved"),
    "remove-nature": ("ลบลักษณะงาน", "nature of the work removed"),
    "add-characteristics": ("เพิ่มคุณลักษณะ", "characteristic added"),
    "change-characteristics": ("แก้ไขคุณลักษณะ", "characteristic changed"),
    "move-characteristics": ("เลื่อนคุณลักษณะ", "characteristic moved"),
    "remove-characteristics": ("ลบคุณลักษณะ", "characteristic removed"),
    "add-development": ("เพิ่มแนวทางการพัฒนา", "step of development added"),
    "change-development": ("แก้ไขแนวทางการพัฒนา", "step of development changed"),
    "move-development": ("เลื่อนแนวทางการพัฒนา", "step of development moved"),
    "remove-development": ("ลบแนวทางการพัฒนา", "step of development removed"),
    "move-competencies": ("เลื่อนสมรรถนะ", "competency moved"),
    "remove-competencies": ("ลบสมรรถนะ", "competency removed"),
    "add-criterion": ("เพิ่มเกณฑ์", "criterion added"),
    "change-criterion": ("แก้ไขเกณฑ์", "criterion changed"),
    "move-criterion": ("เลื่อนเกณฑ์", "criterion moved"),
    "remove-criterion": ("ลบเกณฑ์", "criterion removed"),
    "nest-criterion": ("ย้ายเกณฑ์เข้ากลุ่ม", "criterion put into a group"),
    "expect-competency": ("กำหนดสมรรถนะที่คาดหวัง", "competency expected"),
    "choose-course": ("กำหนดหลักสูตร", "course chosen"),
    "start-entry": ("เริ่มเกณฑ์เข้ารับการอบรม", "entry rule begun"),
    "drop-entry": ("ลบเกณฑ์เข้ารับการอบรม", "entry rule removed"),
    "change-reason": ("แก้ไขเหตุผลของฉบับ", "reason of the version changed"),
    "accepted": ("รับเข้ากลุ่ม", "taken in"),
    "remove-course": ("นำหลักสูตรออก", "course removed"),
    "course": ("บันทึกหลักสูตร", "course saved"),
    "leave": ("ให้ออกจากกลุ่ม", "taken out"),
    "keep": ("ให้อยู่ต่อ", "kept"),
    "declined": ("ไม่รับเข้ากลุ่ม", "not taken in"),
    "nominate": ("เสนอชื่อ", "nominated"),
    "adopt": ("เห็นชอบ", "adopted"),
    "accept": ("รับเทียบ", "accepted"),
    "acknowledge": ("รับรอง", "acknowledged"),
    "add": ("เพิ่ม", "added"),
    "agree": ("เห็นชอบ", "agreed"),
    "answer": ("ตอบ", "answered"),
    "apply": ("นำเข้า", "imported"),
    "approve": ("อนุมัติ", "approved"),
    "begin": ("เริ่ม", "begun"),
    "build": ("สร้างขึ้น", "built"),
    "change": ("แก้ไข", "changed"),
    "close": ("ปิด", "closed"),
    "confirm": ("ยืนยัน", "confirmed"),
    "correct": ("แก้ให้ถูกต้อง", "corrected"),
    "create": ("สร้าง", "made"),
    "decide": ("ตัดสิน", "decided"),
    "disable": ("ปิด", "closed"),
    "discard": ("ยกเลิกร่าง", "discarded"),
    "draft": ("ร่าง", "drafted"),
    "draw-up": ("จัดทำ", "drawn up"),
    "enable": ("เปิดอีกครั้ง", "opened again"),
    "end": ("สิ้นสุด", "ended"),
    "enter": ("ให้คะแนน", "entered"),
    "file": ("ยื่น", "filed"),
    "issue": ("ออก", "issued"),
    "link": ("ผูก", "linked"),
    "load": ("โหลด", "loaded"),
    "make": ("จัดให้", "made"),
    "mark": ("ทำเครื่องหมาย", "marked"),
    "name": ("แต่งตั้ง", "named"),
    "note": ("บันทึก", "noted"),
    "open": ("เปิด", "opened"),
    "propose": ("เสนอ", "proposed"),
    "publish": ("เผยแพร่", "published"),
    "put-in-force": ("ให้มีผลใช้", "put in force"),
    "question": ("ทักท้วง", "questioned"),
    "record": ("บันทึก", "recorded"),
    "recuse": ("ถอนตัวจากการให้คะแนน", "recused"),
    "release": ("ประกาศ", "released"),
    "remove": ("เอาออก", "removed"),
    "reopen": ("เปิดอีกครั้ง", "opened again"),
    "restore": ("นำกลับมาใช้", "restored"),
    "lift": ("ยกเว้น", "lifted"),
    "bind": ("ให้ใช้บังคับอีก", "in force again"),
    "resume": ("เปิดใช้อีกครั้ง", "resumed"),
    "retire": ("เลิกใช้", "retired"),
    "return": ("ส่งคืน", "returned"),
    "save": ("บันทึก", "saved"),
    "set": ("กำหนด", "set"),
    "share-out": ("แบ่งให้ผู้สอนงาน", "shared out"),
    "submit": ("ส่ง", "submitted"),
    "supersede": ("แทนที่", "superseded"),
    "take": ("บันทึก", "taken"),
    "take-away": ("เอาออก", "taken away"),
    "take-back": ("ถอนกลับ", "taken back"),
    "upload": ("รับไฟล์", "uploaded"),
    "use": ("ใช้", "used"),
    "verify": ("ตรวจรับรอง", "verified"),
    "view": ("เปิดดู", "viewed"),
    "void": ("ยกเลิกรายการ", "voided"),
    "withdraw": ("ถอน", "withdrawn"),
}

FIELDS: dict[str, Pair] = {
    "account": ("บัญชี", "Account"),
    "accounts": ("บัญชี", "Accounts"),
    "active": ("ใช้งานได้", "Open"),
    "by_mail": ("ส่งทางอีเมล", "By mail"),
    "code": ("รหัส", "Code"),
    "email": ("อีเมล", "E-mail"),
    "ended": ("จำนวนที่สิ้นสุด", "How many ended"),
    "expires_at": ("ใช้ได้ถึง", "Works until"),
    "hours": ("ชั่วโมง", "Hours"),
    "kind": ("ชนิด", "Kind"),
    "minutes": ("นาที", "Minutes"),
    "name": ("ชื่อ", "Name"),
    "name_en": ("ชื่อภาษาอังกฤษ", "English name"),
    "name_th": ("ชื่อภาษาไทย", "Thai name"),
    "officer_no": ("เลขประจำตัว", "Officer no."),
    "purpose": ("จุดประสงค์", "Purpose"),
    "reason": ("เหตุผล", "Reason"),
    "role": ("บทบาท", "Role"),
    "roles": ("บทบาท", "Roles"),
    "seats": ("ที่นั่ง", "Seats"),
    "status": ("สถานะ", "Status"),
    "topic": ("เรื่อง", "Topic"),
    "value": ("ค่า", "Value"),
}

ACTORS: dict[str, Pair] = {
    "account": ("ผู้ใช้", "person"),
    "operator": ("ผู้ดูแลเครื่อง", "operator"),
    "system": ("ระบบ", "system"),
}


def _said(pair: Pair | None, otherwise: str) -> str:
    return otherwise if pair is None else pair[language() == "en"]


def plain(code: str) -> str:
    """``CoachingSession``, ``coaching_session`` and ``coaching-session`` are one thing."""
    return re.sub(r"[_-]", "", code).lower()


def action(code: str) -> str:
    """An action in words: what, then how."""
    subject, _, verb = code.rpartition(":")
    found = SUBJECTS.get(subject) or THINGS.get(plain(subject.rpartition(":")[2]))
    if found is None and verb not in VERBS:
        return code
    return f"{_said(found, subject.rpartition(':')[2])}: {_said(VERBS.get(verb), verb)}"


def thing(code: str) -> str:
    """A kind of thing in words."""
    return _said(THINGS.get(plain(code)), code)


def field(code: str) -> str:
    """A field in words."""
    return _said(FIELDS.get(code), code)


def actor(kind: str) -> str:
    """A kind of actor in words."""
    return _said(ACTORS.get(kind), kind)


def shown(code: str, value: Any) -> Any:
    """A value in words where its field holds codes: roles."""
    name = code.rpartition(".")[2]
    if name == "roles" and isinstance(value, list):
        return [str(ROLE_WORDS.get(role, role)) for role in value]
    if name == "role" and isinstance(value, str):
        return str(ROLE_WORDS.get(value, value))
    return value
