"""Invented work on a profile: a draft that waits for its second person, and evidence beside it."""

import datetime as dt

from sqlalchemy.orm import Session

from webapp.careers import queries as careers
from webapp.careers.profiles import criteria_operations, evidence_operations, operations
from webapp.demo.accounts import Desks
from webapp.demo.careers import DAY

POST = "assistant-district-director"
INTERVIEWS = (
    (
        "ผู้อำนวยการเขตกลุ่มกรุงเทพกลาง", "งานสองในสามของผู้ช่วยคือการประสานหลายฝ่ายให้ทันเหตุการณ์ ผู้ที่เคยเป็นหัวหน้าฝ่ายเพียงเขตเดียวมักใช้เวลาปรับตัวนาน",
        "คนที่ผ่านสองเขตมาแล้ว มาถึงวันแรกก็สั่งงานได้",
    ),
    (
        "ผู้ช่วยผู้อำนวยการเขตกลุ่มกรุงธนใต้", "อยากให้ผลงานเชิงประจักษ์นับงานที่ทำกับชุมชนด้วย ไม่ใช่เฉพาะโครงการที่ได้รับรางวัล",
        "งานที่ชาวบ้านจำได้ ไม่ค่อยมีเอกสาร",
    ),
)  # fmt: skip


def write(session: Session, desks: Desks) -> int:
    """A draft of the assistant's second version by the first of the commission's office, and four pieces of evidence."""
    actor, post = desks.actors["commission@kaona.example"], careers.post(session, POST)
    draft = operations.start_draft(
        session,
        actor,
        post,
        based_on=1,
        reason="ลดจำนวนเขตของประเภททั่วไปจาก 3 เป็น 2 ให้เท่ากับหัวหน้าฝ่าย ตามความเห็นในการรับฟัง",
    )
    session.refresh(draft, ["post"])
    tree = criteria_operations.tree_of(draft, "criteria")
    node = next(row for row in tree["of"][1]["of"] if row["id"] == "add-general-districts")
    criteria_operations.change_criterion(
        session,
        actor,
        draft,
        "criteria",
        node["id"],
        seen=operations.seen_of(node),
        values={
            **node,
            "min": 2,
            "name_th": node["name_th"].replace("3", "2"),
            "name_en": node["name_en"].replace("3", "2"),
            "reason_th": "ใช้จำนวนเขตเท่ากับหัวหน้าฝ่าย เพราะการรับฟังความเห็นไม่พบเหตุผลที่ต้องมากกว่า",
            "reason_en": "As many offices as for section heads: the consultation found no reason for more.",
        },
    )
    for n, (part, summary, quote) in enumerate(INTERVIEWS):
        evidence_operations.add_evidence(
            session, actor, post, kind="interview",
            values={"title": f"สัมภาษณ์{part} (สมมติ)", "part": part, "summary": summary, "quote": quote,
                    "held_on": DAY - dt.timedelta(days=60 + 7 * n), "profile_version": 2},
        )  # fmt: skip
    evidence_operations.add_evidence(
        session, actor, post, kind="consultation",
        values={"title": "เวทีรับฟังความเห็นหัวหน้าฝ่ายและเจ้าหน้าที่อาวุโส (สมมติ)", "part": "ผู้แทน 6 กลุ่มเขต กลุ่มละ 4 คน",
                "summary": "ผู้แทนส่วนใหญ่เห็นว่า 3 เขตของประเภททั่วไปมากกว่าที่กำหนดให้หัวหน้าฝ่ายโดยไม่มีเหตุผลที่ต่างกัน",
                "answer": "รับไว้ในร่างฉบับที่ 2 รอผู้ตรวจร่างคนที่สอง", "held_on": DAY - dt.timedelta(days=30), "profile_version": 2},
    )  # fmt: skip
    session.flush()
    return 1
