"""How drafts, criteria and their problems read: labels of kinds and fields, and what is wrong in one sentence."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp import thai
from webapp.careers.criteria.tree import Problem
from webapp.careers.profiles.rules import Lack
from webapp.careers.words import COMPETENCY_GROUPS, DEVELOPMENT_STEPS, UNIT_KINDS, in_language, one_language, told

KINDS = {
    "all": _l("กลุ่ม: ครบทุกข้อ"),
    "any": _l("กลุ่ม: ข้อใดข้อหนึ่ง"),
    "at_least": _l("กลุ่ม: อย่างน้อยกี่ข้อ"),
    "tenure": _l("ระยะเวลาดำรงตำแหน่ง"),
    "sections": _l("จำนวนฝ่ายที่ได้รับมอบหมาย"),
    "districts": _l("จำนวนสำนักงานเขตที่เคยปฏิบัติงาน"),
    "works": _l("ผลงานเชิงประจักษ์"),
    "qualification": _l("คุณสมบัติเฉพาะสำหรับตำแหน่ง"),
    "course": _l("ผ่านหลักสูตรหรือหลักสูตรที่ใช้แทนได้"),
    "competency": _l("ผ่านการประเมินสมรรถนะ"),
    "posting_and_works": _l("เคยดำรงตำแหน่งและมีผลงานเชิงประจักษ์"),
}
KIND_HELP = {
    "all": _l("ผ่านเมื่อผ่านทุกข้อในกลุ่ม"),
    "any": _l("ผ่านเมื่อผ่านข้อใดข้อหนึ่งในกลุ่ม"),
    "at_least": _l("ผ่านเมื่อผ่านครบจำนวนข้อที่กำหนดในกลุ่ม"),
    "tenure": _l("ดำรงตำแหน่ง หรือประเภทและระดับ รวมกันไม่น้อยกว่าจำนวนปีที่กำหนด"),
    "sections": _l("ได้รับมอบหมายและมอบอำนาจให้รับผิดชอบฝ่ายต่าง ๆ ไม่น้อยกว่าจำนวนที่กำหนด"),
    "districts": _l("ดำรงตำแหน่งที่กำหนดในสำนักงานเขตที่ต่างกันไม่น้อยกว่าจำนวนที่กำหนด"),
    "works": _l("มีผลงานที่รับรองแล้วไม่น้อยกว่าจำนวนที่กำหนด"),
    "qualification": _l("มีคุณสมบัติที่กำหนดไว้ในทะเบียน"),
    "course": _l("มีผลการอบรมว่าผ่าน"),
    "competency": _l("ผลประเมินล่าสุดของทุกสมรรถนะถึงระดับที่คาดหวัง"),
    "posting_and_works": _l("ใช้เมื่อต้องมีทั้งตำแหน่งที่กำหนดและผลงานพร้อมกัน"),
}
PARTS = {
    "version": _l("เหตุผลของฉบับ"),
    "duties": _l("หน้าที่ความรับผิดชอบหลัก"),
    "nature": _l("ลักษณะงานที่ปฏิบัติ"),
    "characteristics": _l("คุณลักษณะที่ต้องการ"),
    "competencies": _l("สมรรถนะที่คาดหวัง"),
    "criteria": _l("เกณฑ์การพิจารณาคัดเลือกเบื้องต้น"),
    "course": _l("หลักสูตรที่เตรียมเข้าสู่ตำแหน่ง"),
    "entry": _l("เกณฑ์เข้ารับการอบรม"),
    "development": _l("แนวทางการพัฒนาเพื่อเข้าสู่ตำแหน่ง"),
}
STATUSES = {
    "draft": (_l("ร่าง"), "wait"),
    "published": (_l("เผยแพร่แล้ว"), "good"),
    "withdrawn": (_l("ถอนร่างแล้ว"), "off"),
}
EVIDENCE = {
    "key-problem": _l("ปัญหาของเส้นทางเดิมที่แบบสังเขปฯ นี้แก้ไข"),
    "interview": _l("การสัมภาษณ์ผู้ดำรงตำแหน่งและผู้บริหาร"),
    "survey": _l("ผลการสำรวจ"),
    "consultation": _l("การรับฟังความเห็นต่อร่าง"),
    "analysis": _l("การวิเคราะห์งานและเอกสารอื่น"),
}
ANSWERS = {
    "done": (_l("ทำแล้ว"), "good"),
    "partly": (_l("ทำแล้วบางส่วน"), "wait"),
    "open": (_l("ยังไม่ได้ทำ"), "act"),
    "outside": (_l("อยู่นอกขอบเขตของระบบ"), "off"),
}
FIELDS = {
    "kind": _l("ชนิดของเกณฑ์"),
    "name_th": _l("ข้อความภาษาไทย"),
    "name_en": _l("ข้อความภาษาอังกฤษ"),
    "reason_th": _l("เหตุผลภาษาไทย"),
    "reason_en": _l("เหตุผลภาษาอังกฤษ"),
    "source": _l("ที่มา"),
    "source_en": _l("ที่มาภาษาอังกฤษ"),
    "ours": _l("เป็นข้อเสนอของผู้จัดทำ"),
    "reason_ours": _l("เหตุผลเป็นข้อเสนอของผู้จัดทำ"),
    "years": _l("จำนวนปี"),
    "min": _l("จำนวนขั้นต่ำ"),
    "works": _l("จำนวนผลงาน"),
    "k": _l("จำนวนข้อที่ต้องผ่าน"),
    "acting": _l("นับการรักษาการในตำแหน่ง"),
    "now": _l("ต้องดำรงอยู่ในวันที่พิจารณา"),
    "while_holding": _l("นับเฉพาะขณะดำรงตำแหน่ง"),
    "code": _l("สิ่งที่กำหนด"),
    "groups": _l("กลุ่มสมรรถนะ"),
    "match.post": _l("ตำแหน่ง"),
    "match.position_type": _l("ประเภทตำแหน่ง"),
    "match.level": _l("ระดับ"),
    "match.unit_kind": _l("ชนิดของหน่วยงาน"),
    "group": _l("อยู่ในกลุ่ม"),
    "expected_level": _l("ระดับที่คาดหวัง"),
    "method_th": _l("วัดอย่างไร"),
    "method_en": _l("วัดอย่างไร (ภาษาอังกฤษ)"),
    "assessor_th": _l("ใครเป็นผู้ประเมิน"),
    "assessor_en": _l("ใครเป็นผู้ประเมิน (ภาษาอังกฤษ)"),
    "step": _l("ขั้นของการพัฒนา"),
    "course": _l("หลักสูตร"),
}
FORM_FIELDS = {
    "years": "amount",
    "min": "amount",
    "works": "amount",
    "k": "k",
    "match": "match_post",
    "match.post": "match_post",
    "match.position_type": "match_grade",
    "match.level": "match_grade",
    "match.unit_kind": "match_unit_kind",
    "code": "code",
    "while_holding": "while_holding",
    "id": "criterion_id",
}
"""Which field of a criterion's form holds a value of its document."""


def problem(found: Problem) -> str:
    """What is wrong with a criterion, and what would be right."""
    given = {name: _listed(value) for name, value in found.parameters.items()}
    match found.code:
        case "cycle":
            return _("เกณฑ์วนเป็นวง: ข้อ “%(criterion)s” อยู่ใต้ตัวเอง ย้ายข้อนี้ออกจากกลุ่มที่อยู่ใต้ตัวเอง", **given)
        case "empty-group":
            return _("กลุ่มนี้ยังไม่มีเกณฑ์ เพิ่มเกณฑ์อย่างน้อยหนึ่งข้อ หรือลบกลุ่ม")
        case "too-deep":
            return _("ซ้อนกลุ่มลึกเกิน %(most)s ชั้น ลดจำนวนชั้นลง", **given)
        case "bad-id":
            return _("รหัสใช้ตัวอักษรอังกฤษพิมพ์เล็ก ตัวเลข และขีดกลาง เช่น dd-assistant-tenure")
        case "id-twice":
            return _("มีเกณฑ์รหัส “%(found)s” อยู่แล้ว ใช้รหัสอื่น", **given)
        case "out-of-range":
            return _("ต้องอยู่ระหว่าง %(least)s ถึง %(most)s ไม่ใช่ %(found)s", **given)
        case "missing" | "empty-list":
            return _("ต้องระบุค่านี้")
        case "not-a-number":
            return _("ต้องเป็นตัวเลข ไม่ใช่ “%(found)s”", **given)
        case "matches-anything":
            return _("ต้องระบุตำแหน่ง หรือประเภทและระดับ อย่างน้อยหนึ่งอย่าง มิฉะนั้นทุกคนจะผ่าน")
        case "unknown-code":
            return _("ไม่รู้จักรหัส “%(found)s” เลือกจากรายการ หรือเพิ่มรายการนั้นก่อน", **given)
        case "level-without-type":
            return _("ระบุระดับต้องระบุประเภทตำแหน่งด้วย")
        case "level-not-of-type":
            return _("ระดับ “%(found)s” ไม่มีในประเภท “%(position_type)s”", **given)
    return _("เกณฑ์ข้อนี้อ่านไม่ได้ (%(code)s) ลบแล้วเพิ่มใหม่", code=found.code)


def _listed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def lack(found: Lack) -> str:
    """What a draft lacks, in one sentence."""
    match found.what:
        case "empty":
            return _("ยังไม่มี %(part)s", part=PARTS[found.part])
        case "reason" if found.part == "version":
            return _("ยังไม่ได้ระบุเหตุผลของฉบับนี้")
        case "reason":
            return _("เกณฑ์ข้อนี้ยังไม่มีเหตุผล")
        case "source":
            return _("เกณฑ์ข้อนี้ยังไม่มีที่มา หากไม่ได้มาจากเอกสาร ให้ระบุว่าเป็นข้อเสนอของผู้จัดทำ")
        case "name":
            return _("เกณฑ์ข้อนี้ยังไม่มีข้อความภาษาไทย")
        case "method":
            return _("ยังไม่ได้ระบุว่าวัดอย่างไร")
        case "assessor":
            return _("ยังไม่ได้ระบุว่าใครเป็นผู้ประเมิน")
    return problem(found.problem) if found.problem else ""


def match(node: Mapping[str, Any], names: Mapping[str, Mapping[str, Any]], levels: Mapping[Any, Any]) -> str:
    """What a posting must be, in words."""
    asked: Mapping[str, Any] = node.get("match") or {}
    post = names["post"].get(str(asked.get("post") or ""))
    grade = levels.get((asked.get("position_type"), asked.get("level")))
    parts = [
        in_language(post) if post else str(asked.get("post") or ""),
        in_language(grade) if grade else "",
        str(UNIT_KINDS.get(asked["unit_kind"], "")) if asked.get("unit_kind") else "",
    ]
    return " · ".join(part for part in parts if part)


def asks(node: Mapping[str, Any], names: Mapping[str, Mapping[str, Any]], levels: Mapping[Any, Any]) -> list[str]:
    """What a criterion asks, as short notes: the numbers and codes that its judging reads."""
    notes = [str(KINDS.get(str(node["kind"]), node["kind"])), match(node, names, levels)]
    if "years" in node:
        notes.append(
            _("ไม่น้อยกว่า %(years)s ปี", years=node["years"]) if str(node["years"]) != "0" else _("ไม่กำหนดจำนวนปี")
        )
    if "min" in node:
        notes.append(
            _("ไม่น้อยกว่า %(count)s แห่ง", count=node["min"])
            if node["kind"] == "districts"
            else _("ไม่น้อยกว่า %(count)s ฝ่าย", count=node["min"])
        )
    if "works" in node:
        notes.append(_("ไม่น้อยกว่า %(count)s ชิ้น", count=node["works"]))
    if node["kind"] == "at_least":
        notes.append(_("อย่างน้อย %(count)s ข้อ", count=node.get("k", "")))
    if node.get("code"):
        found = names.get(str(node["kind"]), {}).get(node["code"])
        notes.append(in_language(found) if found else str(node["code"]))
    if node.get("while_holding"):
        holding = names["post"].get(node["while_holding"])
        notes.append(_("เฉพาะขณะดำรงตำแหน่ง%(post)s", post=in_language(holding) if holding else node["while_holding"]))
    if node.get("groups"):
        notes.append(", ".join(str(COMPETENCY_GROUPS.get(group, group)) for group in node["groups"]))
    if node["kind"] in ("tenure", "districts", "posting_and_works"):
        notes.append(_("นับการรักษาการในตำแหน่ง") if node.get("acting") else _("ไม่นับการรักษาการในตำแหน่ง"))
    if node.get("now"):
        notes.append(_("ต้องดำรงอยู่ในวันที่พิจารณา"))
    return [note for note in notes if note]


def value(name: str, told_value: Any, names: Mapping[str, Mapping[str, Any]], levels: Mapping[Any, Any]) -> str:
    """A value of a criterion or competency as a reader of a comparison sees it."""
    if told_value in (None, "", False, []):
        return ""
    if told_value is True:
        return _("ใช่")
    if name == "kind":
        return str(KINDS.get(str(told_value), told_value))
    if name in ("match.post", "while_holding"):
        return _named(names["post"], told_value)
    if name == "match.unit_kind":
        return str(UNIT_KINDS.get(told_value, told_value))
    if name == "match.position_type":
        grade = levels.get((told_value, None))
        return in_language(grade) if grade else str(told_value)
    if name == "match.level":
        grades = [in_language(words) for (_kind, level), words in levels.items() if level == told_value]
        return " / ".join(grades) or str(told_value)
    if name in ("code", "course"):
        return _named({**names["qualification"], **names["course"]}, told_value)
    if name == "groups":
        return ", ".join(str(COMPETENCY_GROUPS.get(group, group)) for group in told_value)
    if name == "step":
        return str(DEVELOPMENT_STEPS.get(told_value, told_value))
    return thai.number(told_value) if isinstance(told_value, int) else str(told_value)


def _named(rows: Mapping[str, Any], code: Any) -> str:
    found = rows.get(code)
    return in_language(found) if found else str(code)


__all__ = ["COMPETENCY_GROUPS", "DEVELOPMENT_STEPS", "UNIT_KINDS", "in_language", "one_language", "told"]
