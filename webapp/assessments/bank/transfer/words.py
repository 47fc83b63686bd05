"""What is said of question files: formats, states, and the reason for everything that does not come in or go out."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.assessments.bank.document import Problem
from webapp.assessments.bank.words import ITEM_STATUS_WORDS, TYPE_WORDS, Line, outline, problem_words

FORMAT_WORDS = {"moodle": _l("Moodle XML"), "gift": _l("GIFT"), "qti": _l("QTI"), "excel": _l("Excel")}
FORMAT_HELP = {
    "moodle": _l("เปิดได้ใน Moodle มีรูปในไฟล์เดียว"), "gift": _l("ข้อความล้วนของ Moodle ไม่มีรูป ไม่มีข้อเรียงลำดับ"),
    "qti": _l("แพ็กเกจ QTI 3.0 ของ 1EdTech เปิดได้ในระบบสอบส่วนใหญ่"), "excel": _l("หนึ่งแถวต่อหนึ่งข้อ แก้แล้วนำเข้าเป็นข้อใหม่ได้"),
}  # fmt: skip
IMPORT_WORDS = {
    "uploaded": _l("กำลังตรวจ"), "checked": _l("รอยืนยัน"), "unreadable": _l("อ่านไม่ได้"), "applied": _l("นำเข้าแล้ว"),
    "discarded": _l("ยกเลิกแล้ว"),
}  # fmt: skip
IMPORT_KINDS = {"uploaded": "wait", "checked": "act", "unreadable": "bad", "applied": "good", "discarded": "off"}
NOTE_WORDS = {
    "hints-left-out": _l("ไม่ได้นำคำใบ้มาด้วย"), "picture-missing": _l("ไม่พบไฟล์รูป จึงใช้คำบรรยายแทน"),
    "picture-refused": _l("รูปไม่ใช่ PNG, JPEG หรือ GIF หรือใหญ่เกิน 5 MB จึงใช้คำบรรยายแทน"),
    "attachments-left-out": _l("ไม่ได้นำการแนบไฟล์มาด้วย"), "feedback-left-out": _l("ไม่ได้นำข้อความป้อนกลับมาด้วย"),
    "math-as-text": _l("สูตรคณิตศาสตร์เป็นข้อความธรรมดา"),
    "extra-left-out": _l("โจทย์ถูกแก้ไขหลังส่งออก จึงไม่ได้นำส่วนที่รูปแบบนี้บอกไม่ได้มาด้วย"),
    "units-strict": _l("หน่วยที่พิมพ์ต้องเป็นหน่วยที่ยอมรับ ต่างจาก Moodle ซึ่งข้อนี้ไม่ตรวจหน่วย"),
    "rubric-left-out": _l("ไม่ได้นำข้อความสำหรับผู้ตรวจมาด้วย"),
    "response-limit": _l("ไม่ได้จำกัดจำนวนคู่ที่ตอบได้"),
    "links-left-out": _l("ไม่ได้นำลิงก์หรือสื่อประกอบมาด้วย"),
    "stimulus-left-out": _l("ไม่ได้นำเนื้อหาประกอบที่อยู่ในไฟล์อื่นมาด้วย"),
    "slider-as-number": _l("แถบเลื่อนเป็นช่องกรอกตัวเลข"),
    "associate-as-matching": _l("การจับคู่ในรายการเดียวเป็นการจับคู่ซ้ายกับขวา"),
    "tags-left-out": _l("มีป้ายเกินที่เก็บได้ จึงเก็บไว้เพียงส่วนแรก"),
}  # fmt: skip
REASONS = {
    "type": _l("คลังข้อสอบไม่มีข้อสอบชนิด %(found)s"), "no-question": _l("เป็นข้อความอธิบาย ไม่ใช่ข้อสอบ"),
    "no-points": _l("คะแนนเต็มเป็น 0"), "number": _l("ต้องเป็นตัวเลข แต่พบ “%(found)s”"),
    "needs-attachment": _l("ผู้สอบต้องแนบไฟล์"), "ordering-subset": _l("ให้เรียงเพียงบางรายการ"),
    "ordering-rule": _l("ไม่รู้จักวิธีให้คะแนนการเรียง %(found)s"),
    "true-false": _l("ข้อถูกผิดมีคำตอบอื่นนอกจาก true และ false: %(found)s"),
    "unit-penalty": _l("หักคะแนนบางส่วนเมื่อหน่วยผิด (%(found)s)"), "brace-open": _l("วงเล็บปีกกาไม่ครบคู่"),
    "title-open": _l("ชื่อข้อเปิดด้วย :: แต่ไม่ปิด"), "pair": _l("คู่ที่ไม่มีเครื่องหมาย -> : %(found)s"),
    "adaptive": _l("เป็นข้อสอบปรับตามคำตอบ (adaptive)"), "template-variables": _l("โจทย์สุ่มค่าจากแม่แบบ"),
    "interaction": _l("คลังข้อสอบไม่มีวิธีตอบแบบ %(found)s"), "no-interaction": _l("ไม่มีที่ให้ตอบ"),
    "several-interactions": _l("มีที่ให้ตอบ %(count)s แห่งในข้อเดียว"), "no-declaration": _l("ไม่ได้ประกาศคำตอบ %(found)s"),
    "no-processing": _l("ไม่มีวิธีให้คะแนนและไม่มีเฉลย"), "no-correct-response": _l("ไม่มีเฉลย"),
    "processing": _l("ใช้วิธีให้คะแนนที่ระบบไม่คำนวณให้: %(found)s"), "never-scores": _l("ไม่มีคำตอบใดได้คะแนน"),
    "scoring": _l("การให้คะแนนของไฟล์ไม่ตรงกับที่ข้อสอบของคลังคิดได้"), "not-xml": _l("อ่านเป็น XML ไม่ได้"),
    "no-item": _l("เป็น %(found)s ไม่ใช่ข้อสอบ"), "too-deep": _l("ซ้อนกันลึกเกินไป"),
    "document": _l("เนื้อหาหรือการให้คะแนนไม่ครบ"), "cell": _l("มีช่องที่ใช้ไม่ได้"),
    "too-long": _l("ข้อความยาวเกิน %(most)s ตัวอักษร"), "unreadable": _l("เนื้อหาของข้อนี้เสียหาย อ่านไม่ได้"),
    "gap-groups": _l("ช่องว่างเลือกคำจากหลายกลุ่ม"),
    "response-limit": _l("จำกัดจำนวนคำตอบในแบบที่คลังคิดให้ไม่ได้"), "file-missing": _l("ไม่พบไฟล์นี้ในแพ็กเกจ"),
    "question-bank-only": _l("เป็นคำถามสุ่ม ไม่มีโจทย์ของตัวเอง"),
}  # fmt: skip
KINDS_OF_OTHERS = {
    "cloze": _l("เติมหลายช่องในข้อความ (cloze)"), "multianswer": _l("เติมหลายช่องในข้อความ (cloze)"),
    "ddimageortext": _l("ลากวางบนภาพ"), "ddmarker": _l("ลากวางบนภาพ"), "hotspotInteraction": _l("เลือกจุดบนภาพ"),
    "graphicOrderInteraction": _l("เรียงลำดับบนภาพ"), "graphicAssociateInteraction": _l("จับคู่บนภาพ"),
    "graphicGapMatchInteraction": _l("ลากวางบนภาพ"), "selectPointInteraction": _l("เลือกจุดบนภาพ"),
    "positionObjectInteraction": _l("วางวัตถุบนภาพ"), "uploadInteraction": _l("แนบไฟล์เป็นคำตอบ"), "drawingInteraction": _l("วาดภาพ"),
    "customInteraction": _l("โปรแกรมเฉพาะ"), "portableCustomInteraction": _l("โปรแกรมเฉพาะ"),
}  # fmt: skip
UNREADABLE = {
    "old-qti": _l("เป็น QTI 1.2 ซึ่งระบบไม่อ่าน กรุณาส่งออกจากระบบเดิมเป็น QTI 2.1 ขึ้นไปหรือ Moodle XML"),
    "entities": _l("ไฟล์นี้เรียกเนื้อหาจากที่อื่น (entity) จึงไม่เปิด"),
    "too-deep": _l("ไฟล์ซ้อนกันลึกเกินกว่าจะเป็นข้อสอบ"), "bomb": _l("แพ็กเกจคลายออกแล้วใหญ่ผิดปกติ จึงไม่เปิด"),
    "too-many": _l("มีข้อสอบมากกว่า %(most)s ข้อ กรุณาแบ่งเป็นหลายไฟล์"),
    "empty": _l("ไฟล์ว่างเปล่า"), "file-too-large": _l("ไฟล์ใหญ่เกิน %(megabytes)s MB กรุณาแบ่งเป็นหลายไฟล์"),
    "package-too-large": _l("แพ็กเกจใหญ่เกินไปเมื่อคลายออก รับได้ %(files)s ไฟล์ และ %(megabytes)s MB"),
    "not-text": _l("ไม่ใช่ไฟล์ข้อสอบ ใช้ Moodle XML, GIFT, QTI หรือ Excel"),
    "unknown-xml": _l("เป็น XML ที่เริ่มด้วย <%(found)s> ต้องเป็น Moodle XML หรือ QTI"),
    "not-xml": _l("XML เสียหาย เปิดไม่ได้"), "not-moodle": _l("ไม่ใช่ Moodle XML"), "not-qti": _l("ไม่ใช่ข้อสอบ QTI"),
    "not-zip": _l("แพ็กเกจเสียหาย เปิดไม่ได้"), "no-items": _l("ไม่พบข้อสอบในไฟล์"),
}  # fmt: skip
CANNOT_CARRY = {
    "scoring": _l("รูปแบบนี้ให้คะแนนแบบของข้อนี้ไม่ได้"), "not-kept": _l("อ่านกลับแล้วไม่เหมือนเดิม"), "nothing": _l("รูปแบบนี้เขียนข้อนี้ไม่ได้"),
    "all-or-nothing": _l("รูปแบบนี้ไม่มีการให้คะแนนเมื่อถูกทั้งหมด"), "case": _l("รูปแบบนี้แยกตัวพิมพ์เล็กใหญ่รายคำตอบไม่ได้"),
    "open-range": _l("รูปแบบนี้เขียนช่วงที่ไม่มีปลายไม่ได้"), "ordering-rule": _l("รูปแบบนี้ไม่มีวิธีให้คะแนนการเรียงนี้"),
    "units": _l("รูปแบบนี้ไม่มีหน่วยของคำตอบ"),
    "wildcards": _l("รูปแบบนี้ไม่มีเครื่องหมาย * แทนข้อความใดก็ได้"), "ordering": _l("รูปแบบนี้ไม่มีข้อสอบเรียงลำดับ"),
    "row": _l("มีการให้คะแนนหรือเนื้อหาที่แถวเดียวบอกไม่ได้"), "unfinished": _l("ร่างยังไม่ครบถ้วน"),
}  # fmt: skip


def refusal(entry: Mapping[str, Any], key: bool = True) -> str:
    """The sentence for a question that does not come in: of its document, of a cell, or of the file's form.

    Without ``key`` nothing that the file says is repeated: it may be part of an answer.
    """
    code, values = str(entry["code"]), dict(entry.get("values") or {})
    if not key:
        return filled(
            REASONS.get(code, REASONS["document"] if code.startswith("document:") else REASONS["scoring"]), {}
        )
    if code.startswith("document:"):
        return problem_words(Problem(values.pop("path", ""), code.removeprefix("document:"), values))
    if code == "cell":
        return f"{values['column']}: {filled(_(values['message']), values.get('values') or {})}"
    if code in ("type", "interaction"):
        name, _space, rest = str(values.get("found", "")).partition(" ")
        values["found"] = f"{KINDS_OF_OTHERS.get(name, name)} {rest}".strip()
    return filled(REASONS.get(code, REASONS["scoring"]), values)


def unreadable(entry: Mapping[str, Any]) -> str:
    """The sentence for a file that is none that can be read."""
    code, values = str(entry.get("code", "not-text")), dict(entry.get("values") or {})
    if code == "sheet":
        return filled(_(values["message"]), values.get("values") or {})
    return filled(UNREADABLE.get(code, UNREADABLE["not-text"]), values)


def carried(entry: Mapping[str, Any]) -> str:
    """The sentence for an item that a format cannot carry."""
    return str(CANNOT_CARRY.get(str(entry.get("why", "")).strip("'"), CANNOT_CARRY["nothing"]))


def scored(document: Mapping[str, Any] | None, key: bool) -> list[Line]:
    """What was mapped and how it is scored, line by line, for whoever may see the key."""
    return outline(document, key=True) if document is not None and key else []


def asked_words(asked: Mapping[str, Any], categories: Mapping[str, str], competencies: Mapping[str, str]) -> str:
    """What was asked for: the items chosen, or the list's search and filters."""
    if asked.get("codes"):
        return str(_("%(count)s ข้อที่เลือก", count=len(asked["codes"])))
    said = []
    if asked.get("category"):
        said.append(str(_("หมวด %(name)s", name=categories.get(str(asked["category"]), asked["category"]))))
    if asked.get("type"):
        said.append(str(TYPE_WORDS.get(asked["type"], asked["type"])))
    if asked.get("status"):
        said.append(str(ITEM_STATUS_WORDS.get(asked["status"], asked["status"])))
    if asked.get("tag"):
        value = str(asked["tag"]).partition(":")[2]
        said.append(str(_("ป้าย %(name)s", name=competencies.get(value, value))))
    if asked.get("q"):
        said.append(f"“{asked['q']}”")
    return " · ".join(said) or str(_("ข้อสอบทุกข้อในคลัง"))


def notes(codes: list[str]) -> str:
    """What an item loses without changing its marks."""
    return " · ".join(str(NOTE_WORDS[code]) for code in codes if code in NOTE_WORDS)


def filled(text: Any, values: Mapping[str, Any]) -> str:
    """The text with its values; one whose values are missing is shown with blanks."""

    class Blank(dict[str, Any]):
        def __missing__(self, _key: str) -> str:
            return "—"

    shown = str(text)
    return shown % Blank(values) if "%(" in shown else shown
