"""What each kind of message says, in Thai source text; ``values`` fill the places in it.

A room that sends a new kind adds its line here and its English to ``english.po``.
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from webapp import thai

DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


@dataclass(frozen=True)
class Text:
    """The sentence, and whether it also goes out by mail."""

    words: Any
    by_mail: bool = False

    def filled(self, values: dict[str, Any]) -> str:
        """The sentence with its values; a value nobody gave shows as a dash rather than breaking the page."""
        return str(self.words) % _Dashes(values)


class _Dashes(dict[str, Any]):
    """The values as the reader sees them: a day, kept as 2026-12-06, in words; what nobody gave, as a dash."""

    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key)
        if isinstance(value, str) and DAY.fullmatch(value):
            return thai.day_long(dt.date.fromisoformat(value))
        return value

    def __missing__(self, key: str) -> str:
        return "—"


TEXTS: dict[str, Text] = {
    "accounts:password:changed": Text(_l("รหัสผ่านของท่านถูกเปลี่ยนแล้ว หากท่านไม่ได้ทำ โปรดแจ้งผู้ดูแลระบบทันที"), by_mail=True),
    "accounts:roles:changed": Text(
        _l("บทบาทของท่านในระบบเปลี่ยนแล้ว ดูได้ที่หน้าบัญชีของฉัน หากสงสัยโปรดแจ้งผู้ดูแลระบบ"), by_mail=True
    ),
    "coaching:session:recorded": Text(_l("%(mentor)s บันทึกการสอนงานกับท่าน รอท่านรับรอง"), by_mail=True),
    "coaching:session:acknowledged": Text(_l("%(trainee)s รับรองการสอนงานแล้ว")),
    "coaching:session:disputed": Text(_l("%(trainee)s ไม่รับรองการสอนงาน โปรดตรวจสอบ"), by_mail=True),
    "coaching:pairing:made": Text(_l("ท่านได้รับมอบหมายให้สอนงาน %(trainee)s"), by_mail=True),
    "courses:enrollment:decided": Text(_l("ผลการสมัคร %(cohort)s ของท่าน: %(status)s"), by_mail=True),
    "plans:plan:proposed": Text(_l("%(officer)s เสนอแผนพัฒนารายบุคคลให้ท่านพิจารณา"), by_mail=True),
    "plans:plan:agreed": Text(_l("%(who)s เห็นชอบแผนพัฒนาของท่านแล้ว"), by_mail=True),
    "plans:plan:returned": Text(_l("%(who)s ส่งคืนแผนพัฒนาของท่านให้แก้ไข"), by_mail=True),
    "plans:plan:closed": Text(_l("%(who)s ทบทวนและปิดแผนพัฒนาของท่านแล้ว"), by_mail=True),
    "plans:item:noted": Text(_l("%(who)s บันทึกในแผนพัฒนา")),
    "projects:assignment:made": Text(_l("ท่านได้รับมอบหมายโครงการ %(title)s"), by_mail=True),
    "projects:assignment:commented": Text(_l("%(who)s ให้ความเห็นต่อโครงการ %(title)s")),
    "projects:assignment:accepted": Text(_l("สถาบันยอมรับงาน %(title)s ของท่านแล้ว"), by_mail=True),
    "projects:assignment:returned": Text(_l("สถาบันส่งงาน %(title)s คืนให้ท่านแก้ไข"), by_mail=True),
    "assessments:panel:named": Text(_l("ท่านได้รับแต่งตั้งเป็นกรรมการให้คะแนน %(component)s ของ %(cohort)s"), by_mail=True),
    "assessments:essay:named": Text(_l("ท่านได้รับแต่งตั้งเป็นผู้ตรวจข้อเขียนของ %(exam)s"), by_mail=True),
    "assessments:exam:released": Text(_l("ประกาศผล %(exam)s แล้ว ท่านดูผลของท่านได้"), by_mail=True),
    "assessments:exam:regraded": Text(_l("ผล %(exam)s ของท่านเปลี่ยนหลังการตรวจใหม่"), by_mail=True),
    "assessments:standard:named": Text(_l("ท่านได้รับแต่งตั้งเป็นผู้ตัดสินเกณฑ์ผ่านของ %(exam)s"), by_mail=True),
    "assessments:standard:round": Text(_l("เปิดให้ประเมินเกณฑ์ผ่านของ %(exam)s รอบที่ %(round)s"), by_mail=True),
    "assessments:exam:ready": Text(_l("ท่านมีรายชื่อเข้าสอบ %(exam)s"), by_mail=True),
    "assessments:exam:cancelled": Text(_l("ยกเลิกการสอบ %(exam)s: %(reason)s"), by_mail=True),
    "assessments:exam:unseated": Text(_l("นำชื่อท่านออกจากการสอบ %(exam)s: %(reason)s"), by_mail=True),
    "assessments:discussion:opened": Text(
        _l("คะแนน %(component)s ของ %(cohort)s ต่างกันเกินเกณฑ์ โปรดหารือกับกรรมการคนอื่น"), by_mail=True
    ),
    "assessments:score:released": Text(_l("ประกาศคะแนน %(component)s ของ %(cohort)s แล้ว"), by_mail=True),
    "assessments:center:published": Text(_l("ประกาศตารางของ %(center)s แล้ว โปรดดูรอบของท่าน"), by_mail=True),
    "assessments:center:moved": Text(_l("รอบของท่านใน %(center)s เปลี่ยน โปรดดูตารางใหม่"), by_mail=True),
    "assessments:center:withdrawn": Text(_l("ถอนประกาศตารางของ %(center)s แล้ว โปรดรอตารางใหม่"), by_mail=True),
    "assessments:center:released": Text(_l("รายงานผลของท่านใน %(center)s พร้อมแล้ว"), by_mail=True),
    "shortlist:run:confirmed": Text(_l("ร่างรายชื่อของ %(cohort)s ยืนยันแล้ว รอผู้อื่นเผยแพร่"), by_mail=True),
    "shortlist:run:published": Text(_l("เผยแพร่รายชื่อของ %(cohort)s แล้ว ท่านดูผลของท่านได้"), by_mail=True),
    "shortlist:objection:filed": Text(_l("มีคำคัดค้านรายชื่อของ %(cohort)s"), by_mail=True),
    "shortlist:objection:answered": Text(_l("คำคัดค้านของท่านได้รับคำตอบแล้ว"), by_mail=True),
    "admissions:application:nominated": Text(
        _l("%(head)s เสนอชื่อท่านเข้ารับการคัดเลือก %(cohort)s รอท่านตอบรับ"), by_mail=True
    ),
    "admissions:application:accepted": Text(_l("ท่านมีสิทธิเข้ารับการคัดเลือก %(cohort)s"), by_mail=True),
    "admissions:application:refused": Text(_l("สถาบันไม่รับใบสมัคร %(cohort)s ของท่าน ดูเหตุผลได้ในหน้าใบสมัคร"), by_mail=True),
    "admissions:selection:confirmed": Text(_l("ผลการคัดเลือก %(cohort)s ยืนยันแล้ว รอผู้อื่นประกาศ"), by_mail=True),
    "admissions:selection:published": Text(_l("ประกาศผลการคัดเลือก %(cohort)s แล้ว ท่านดูผลของท่านได้"), by_mail=True),
    "admissions:offer:made": Text(_l("ถึงลำดับของท่านแล้ว: ที่นั่งใน %(cohort)s รอท่านตอบรับภายใน %(day)s"), by_mail=True),
    "admissions:offer:recorded": Text(
        _l("สถาบันบันทึกคำตอบของท่านเกี่ยวกับที่นั่งใน %(cohort)s แล้ว หากไม่ถูกต้องโปรดแจ้งทันที"), by_mail=True
    ),
    "admissions:offer:recalled": Text(_l("ใกล้ครบกำหนดตอบรับที่นั่งใน %(cohort)s (%(day)s)"), by_mail=True),
    "admissions:offer:lapsed": Text(_l("พ้นกำหนดตอบรับที่นั่งใน %(cohort)s แล้ว ที่นั่งจึงเปิดให้ผู้อยู่ลำดับถัดไป"), by_mail=True),
    "admissions:register:ending": Text(_l("บัญชีผู้ผ่านการคัดเลือก %(course)s ของท่านจะสิ้นอายุ %(day)s"), by_mail=True),
    "admissions:register:ended": Text(_l("บัญชีผู้ผ่านการคัดเลือก %(course)s ของท่านสิ้นอายุแล้ว"), by_mail=True),
    "imports:run:applied": Text(_l("นำเข้าข้อมูล %(file)s เสร็จแล้ว")),
    "jobs:job:done": Text(_l("งานที่ท่านสั่งเสร็จแล้ว: %(title)s")),
}

ANOTHER = Text(_l("มีเรื่องใหม่ที่เกี่ยวกับท่าน"))


def text_of(kind: str) -> Text:
    """The text of a kind; a plain one for a kind that an older version left behind."""
    return TEXTS.get(kind, ANOTHER)
