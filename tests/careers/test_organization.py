"""Posts, units, sections, levels, seats and the conversion of old levels: edited by the commission, retired, never deleted."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from tests.careers.test_paths import fields_of
from webapp.audit import AuditEntry
from webapp.careers import checklist as checklists
from webapp.careers import organization_operations as operations
from webapp.careers import organization_queries, queries
from webapp.careers import organization_rules as rules
from webapp.careers.models import CareerPath, Course, LevelConversion, Post, Seat, Section, Unit
from webapp.careers.operations import fingerprint
from webapp.careers.shipped import load_reference_data
from webapp.errors import Conflict, RuleBroken

INSPECTOR = {
    "code": "bma-inspector", "name_th": "ผู้ตรวจราชการกรุงเทพมหานคร (เป้าหมาย)", "name_en": "BMA inspector",
    "position_type": "executive", "level": "high", "is_target": True, "is_key": False, "heads_unit": False,
}  # fmt: skip
UNIT = {"code": "BMA-B90", "name_th": "สำนักใหม่", "name_en": "New bureau", "kind": "bureau", "zone": ""}


def test_a_thing_needs_a_code_for_files_a_thai_name_and_a_reason() -> None:
    with pytest.raises(RuleBroken, match="รหัส"):
        rules.check_thing("unit", {**UNIT, "code": "รหัส ไทย"}, "เหตุผล")
    with pytest.raises(RuleBroken, match="ชื่อภาษาไทย"):
        rules.check_thing("unit", {**UNIT, "name_th": " "}, "เหตุผล")
    with pytest.raises(RuleBroken, match="เหตุผล"):
        rules.check_thing("unit", UNIT, "  ")
    with pytest.raises(RuleBroken, match="กลุ่มเขต"):
        rules.check_thing("unit", {**UNIT, "zone": "กรุงเทพใต้"}, "เหตุผล")
    with pytest.raises(RuleBroken, match="เป้าหมาย"):
        rules.check_thing("post", {**INSPECTOR, "position_type": None, "level": None}, "เหตุผล")


@pytest.mark.parametrize("seats", [-1, 1001])
def test_seats_make_sense_and_stand_in_one_place(seats: int) -> None:
    with pytest.raises(RuleBroken, match="จำนวนอัตรา"):
        rules.check_seats(seats, unit_kind="district", unit="", reason="เหตุผล")
    with pytest.raises(RuleBroken, match="อย่างใดอย่างหนึ่ง"):
        rules.check_seats(1, unit_kind="district", unit="BMA-D01", reason="เหตุผล")
    rules.check_seats(0, unit_kind="", unit="BMA-D01", reason="เหตุผล")


def test_what_a_target_post_needs_in_the_order_of_work() -> None:
    nothing = checklists.PostFacts(True, False, None, None, None, 0, 0, 0, False, 0)
    states = {item.key: item.state for item in checklists.checklist(nothing)}
    assert list(states) == list(checklists.ORDER)
    assert states.pop("level") == "done"
    assert set(states.values()) == {"missing"}
    drafted = checklists.PostFacts(True, True, 4, None, 1, 0, 0, 1, False, 1)
    assert [item.key for item in checklists.checklist(drafted) if item.state == "draft"] == [
        "profile", "criteria", "competencies", "entry",
    ]  # fmt: skip
    everything = checklists.PostFacts(True, True, 4, 1, None, 3, 8, 1, True, 1)
    assert checklists.missing(checklists.checklist(everything)) == 0


# In the database -----------------------------------------------------------------------------------------------------


def edit(session: Any, actor: Any, kind: operations.Kind, row: Any, **values: Any) -> Any:
    told = operations.as_told(kind, row)
    given = {name: told[name] for name in kind.fields} | values
    return operations.change(session, actor, kind, row, given, seen=fingerprint(told), reason="ทดสอบ")


def test_edits_survive_a_new_set_up_and_stale_ones_are_refused(session: Any, actor: Any) -> None:
    unit = operations.find(session, operations.UNIT, "BMA-D01")
    edit(session, actor, operations.UNIT, unit, name_en="Edited here")
    section = operations.find(session, operations.SECTION, "finance")
    edit(session, actor, operations.SECTION, section, name_en="Edited section")
    level = operations.find(session, operations.LEVEL, "knowledge/expert")
    edit(session, actor, operations.LEVEL, level, name_th="เชี่ยวชาญ (แก้)")
    seat = session.scalars(select(Seat).order_by(Seat.id)).first()
    post = session.get(Post, seat.post_id)
    operations.change_seats(
        session, actor, post, seat, seen=fingerprint(operations.seats_as_told(seat)), seats=0, reason="ยุบ"
    )
    loaded = load_reference_data(session, actor)
    assert (loaded.added, loaded.updated) == (0, 0)
    assert (unit.name_en, section.name_en, level.name_th, seat.seats) == (
        "Edited here", "Edited section", "เชี่ยวชาญ (แก้)", 0,
    )  # fmt: skip
    with pytest.raises(Conflict):
        operations.change(session, actor, operations.UNIT, unit, {**UNIT}, seen="stale", reason="x")
    actions = set(session.scalars(select(AuditEntry.action)))
    assert {
        "careers:unit:change",
        "careers:section:change",
        "careers:position_level:change",
        "careers:seat:change",
    } <= actions


def test_codes_are_given_once(session: Any, actor: Any) -> None:
    operations.add(session, actor, operations.UNIT, UNIT, reason="ตั้งใหม่")
    with pytest.raises(RuleBroken, match="อยู่แล้ว"):
        operations.add(session, actor, operations.UNIT, UNIT, reason="ซ้ำ")
    level = {
        "position_type": "knowledge",
        "code": "",
        "level": "eminent",
        "name_th": "ยิ่ง",
        "name_en": "",
        "position": 14,
    }
    assert operations.add(session, actor, operations.LEVEL, level, reason="x").type_name_th == "วิชาการ"
    assert "code" not in operations.POST.fields


def test_what_is_in_force_is_not_retired_before_it_is_changed(session: Any, actor: Any) -> None:
    def retire(kind: operations.Kind, key: str) -> Any:
        return operations.retire(session, actor, kind, operations.find(session, kind, key), reason="ทดสอบ")

    with pytest.raises(RuleBroken, match="เป้าหมาย"):
        retire(operations.POST, "district-director")
    with pytest.raises(RuleBroken, match="ยังใช้อยู่"):
        retire(operations.POST, "division-director")
    with pytest.raises(RuleBroken, match="ยังใช้อยู่"):
        retire(operations.LEVEL, "managerial/high")
    with pytest.raises(RuleBroken, match="ยังใช้อยู่"):
        retire(operations.QUALIFICATION, "standard-managerial-high")
    retire(operations.POST, "physician")
    assert "physician" not in {row.code for row in queries.posts(session)}
    assert "physician" in {row.code for row in queries.posts(session, kind="retired")}
    physician = operations.find(session, operations.POST, "physician")
    assert operations.resume(session, actor, operations.POST, physician, reason="ใช้ต่อ").retired_on is None
    section = retire(operations.SECTION, "finance")
    assert load_reference_data(session, actor).added == 0
    assert section.retired_on is not None


def test_the_conversion_is_ours_until_the_commission_says_otherwise(session: Any, actor: Any) -> None:
    rows = {(row.old_level, row.position_type): row for row in organization_queries.conversions(session)}
    assert {old for old, _kind in rows} == set(range(1, 12))
    assert {kind: row.level for (old, kind), row in rows.items() if old == 8} == {
        "general": "senior", "knowledge": "senior-professional", "managerial": "primary",
    }  # fmt: skip
    assert all(row.ours and row.reason for row in rows.values())
    row = rows[8, "managerial"]
    seen = fingerprint(operations.conversion_as_told(row))
    change = {"old_level": 8, "position_type": "managerial", "level": "high", "reason": "มติ"}
    with pytest.raises(RuleBroken, match="แก้ไขรายการเดิม"):
        operations.set_conversion(session, actor, **change)
    assert not operations.set_conversion(session, actor, **change, seen=seen).ours
    operations.withdraw_conversion(session, actor, row, reason="เลิก")
    assert load_reference_data(session, actor).added == 0
    assert operations.set_conversion(session, actor, **change).withdrawn_at is None


# A further target post, by pages alone -------------------------------------------------------------------------------


def send(client: Any, page: str, **values: str) -> Any:
    return client.post(page, data={**fields_of(client.get(page).text), **values})


def test_the_inspector_is_added_as_a_target_post_with_seats_course_and_path(
    client: Any, sign_in: Any, session: Any
) -> None:
    sign_in(client, role="commission")
    made = send(
        client, "/posts/new", code="bma-inspector", name_th="ผู้ตรวจราชการ (เป้าหมาย)", name_en="BMA inspector",
        grade="executive/high", is_target="y", reason="รายงานการประชุมวางแผนไว้",
    )  # fmt: skip
    assert made.location == "/posts/bma-inspector"
    page = client.get("/posts/bma-inspector").text
    assert "ยังขาด 7 ข้อ" in page
    box = page.partition('id="checklist"')[2].partition("</details>")[0]
    links = re.findall(r'href="([^"]+)"', box)
    assert {client.get(link.replace("&amp;", "&")).status_code for link in links} == {200}
    assert (
        send(client, "/posts/bma-inspector/seats/new", where="kind:office", seats="2", reason="ตามกรอบอัตรา").status_code
        == 303
    )
    course = send(
        client, "/courses/new?post=bma-inspector", code="inspector-course", name_th="หลักสูตรผู้ตรวจราชการ",
        external="", reason="ตำแหน่งเป้าหมายใหม่",
    )  # fmt: skip
    assert course.location == "/courses/inspector-course"
    path = send(
        client, "/paths/new?post=bma-inspector", code="IN-01", name_th="จากผู้อำนวยการเขต", kind="mixed",
        **{"steps-0-post": "district-director", "steps-0-years": "2", "reason": "ร่างแรก"},
    )  # fmt: skip
    assert path.location == "/paths/IN-01"
    post = queries.post(session, "bma-inspector")
    assert session.scalar(select(Course.post_id).where(Course.code == "inspector-course")) == post.id
    assert session.scalar(select(CareerPath.steps).where(CareerPath.code == "IN-01"))[0]["years"] == 2
    assert "ยังขาด 4 ข้อ" in client.get("/posts/bma-inspector").text
    assert "จากผู้อำนวยการเขต" in client.get("/paths").text


def test_pages_of_the_organization_change_what_they_say(client: Any, sign_in: Any, session: Any) -> None:
    sign_in(client, role="commission")
    assert (
        send(client, "/units/new", code="BMA-B91", name_th="สำนักหนึ่ง", kind="bureau", zone="", reason="x").location
        == "/units/BMA-B91"
    )
    assert send(client, "/units/BMA-B91/edit", name_th="สำนักสอง", reason="x").status_code == 303
    assert send(client, "/units/BMA-B91/retire", reason="x").status_code == 303
    assert "/units/BMA-B91" not in client.get("/units?q=สำนักสอง").text
    assert "สำนักสอง" in client.get("/units?kind=retired").text
    assert (
        send(
            client, "/organization/sections/new", code="digital", name_th="ฝ่ายดิจิทัล", position="11", reason="x"
        ).status_code
        == 303
    )
    assert (
        send(client, "/organization/levels/knowledge/expert/edit", name_en="Expert (edited)", reason="x").status_code
        == 303
    )
    assert (
        send(client, "/organization/qualifications/new", code="thai-law", name_th="เนติบัณฑิต", reason="x").status_code
        == 303
    )
    assert (
        send(
            client, "/organization/conversion/7/knowledge/edit", grade="knowledge/senior-professional", reason="มติ"
        ).status_code
        == 303
    )
    assert send(client, "/organization/conversion/8/managerial/withdraw", reason="x").status_code == 303
    refusal = send(client, "/organization/levels/managerial/high/retire", reason="x")
    assert refusal.status_code == 422
    assert "ยังใช้อยู่ใน" in refusal.text
    assert session.get(Section, "digital").position == 11
    assert session.get(LevelConversion, (7, "knowledge")).level == "senior-professional"
    assert session.scalar(select(Unit.name_th).where(Unit.code == "BMA-B91")) == "สำนักสอง"
    assert client.get("/organization/conversion/8/managerial/edit").status_code == 404
    assert client.get("/organization/levels/none/edit").status_code == 404
