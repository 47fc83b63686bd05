"""The demonstration's saved scenarios: two questions the commission asked of the director's criteria."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.careers.models import Post
from webapp.demo.accounts import Desks
from webapp.demo.careers import DAY
from webapp.readiness.counting import feasibility_figures
from webapp.readiness.operations import save_scenario
from webapp.records.eligibility import Change, rule_for

POST = "district-director"
ASKED: tuple[tuple[str, str, tuple[Change, ...]], ...] = (
    (
        "ลดจำนวนฝ่ายเหลือ 5 ฝ่าย",
        "ผู้ช่วยผู้อำนวยการเขตคนหนึ่งรับผิดชอบได้ราว 5 ฝ่ายในคราวเดียว ขอดูว่าถ้าไม่บังคับให้สับเปลี่ยนจะมีผู้เข้าเกณฑ์เพิ่มเท่าใด",
        (("dd-sections", "min", "5"),),
    ),
    (
        "ตามเกณฑ์ปัจจุบัน",
        "เก็บไว้เป็นฐานเปรียบเทียบก่อนเสนอ อ.ก.ก.",
        (),
    ),
)


def write(session: Session, desks: Desks) -> int:
    """Save the scenarios as the commission's officer; returns how many."""
    post = session.scalars(select(Post).where(Post.code == POST)).one()
    base = rule_for(session, POST)
    for name, reason, changes in ASKED:
        save_scenario(
            session, desks.actors["commission@kaona.example"], post, key=str(uuid.uuid5(uuid.NAMESPACE_URL, name)),
            name=name, reason=reason, version=base.version, as_of=DAY, changes=changes,
            found=feasibility_figures(session, post, base, changes, DAY),
        )  # fmt: skip
    return len(ASKED)
