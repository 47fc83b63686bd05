"""The demonstration's question files: one brought in and waiting for its author, one that went out."""

from sqlalchemy.orm import Session

from webapp.assessments.bank.models import ItemCategory
from webapp.assessments.bank.transfer import incoming, outgoing
from webapp.demo.accounts import Desks

GIFT = """$CATEGORY: $course$/top/งานเขต/การจัดการขยะ

// [tag:สิ่งแวดล้อม]
::ถังขยะสีเหลือง:: ถังขยะสีเหลืองใช้ทิ้งขยะประเภทใด {
=ขยะรีไซเคิล#ถูกต้อง
~ขยะอินทรีย์
~ขยะอันตราย
~%25%ขยะทั่วไป#ขยะทั่วไปใช้ถังสีน้ำเงิน
}

เขตเก็บขยะได้ 480 ตันในเดือนเมษายน 30 วัน เฉลี่ยวันละกี่ตัน {#16:0.5}

การแยกขยะที่ต้นทางช่วยลดค่าขนส่งของเขต {TRUE}

ก่อนทำข้อต่อไป โปรดอ่านสถิติการจัดเก็บขยะของเขตในแผนภาพ
"""


def write(session: Session, desks: Desks) -> int:
    """One file looked at and not confirmed yet, and one made of a category; both by the staff's first account."""
    run = incoming.receive(session, desks.staff, "ข้อสอบงานเขต.txt", GIFT.encode(), key="demo-question-file")
    incoming.keep_preview(session, run, incoming.batch_of(GIFT.encode()))
    category = session.query(ItemCategory).order_by(ItemCategory.id).first()
    asked = {"category": str(category.id)} if category is not None else {}
    made = outgoing.begin(session, desks.staff, kind="gift", asked=asked)
    content, count, left_out = outgoing.content_for(session, made, "th")
    outgoing.finish(session, desks.staff, made, content, count, left_out)
    return 2
