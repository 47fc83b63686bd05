"""Types, states, rules and problems of items in words, and a document line by line."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.assessments.bank import richtext
from webapp.assessments.bank.document import FEEDBACKS, Problem, exact
from webapp.assessments.ranking.scores import plain

TYPE_WORDS = {
    "single": _l("เลือกตอบข้อเดียว"), "multiple": _l("เลือกตอบหลายข้อ"), "true-false": _l("ถูกหรือผิด"), "matching": _l("จับคู่"),
    "ordering": _l("เรียงลำดับ"), "numeric": _l("เติมตัวเลข"), "text": _l("เติมคำสั้น"), "essay": _l("อัตนัย"),
}  # fmt: skip
TYPE_HELP = {
    "single": _l("ตัวเลือกหลายข้อ ถูกหนึ่งข้อ"), "multiple": _l("ตัวเลือกหลายข้อ ถูกได้มากกว่าหนึ่งข้อ"),
    "true-false": _l("ข้อความเดียว ตัดสินว่าถูกหรือผิด"), "matching": _l("จับคู่รายการซ้ายกับขวา มีตัวลวงได้"),
    "ordering": _l("เรียงรายการตามลำดับที่ถูกต้อง"), "numeric": _l("ตอบเป็นตัวเลข กำหนดช่วงที่ยอมรับได้"),
    "text": _l("ตอบเป็นคำ เทียบกับคำตอบที่ยอมรับ"), "essay": _l("เขียนตอบ ให้คะแนนตามเกณฑ์ย่อยโดยผู้ตรวจ"),
}  # fmt: skip
ITEM_STATUS_WORDS = {
    "draft": _l("ร่าง"), "in-review": _l("รอตรวจทาน"), "returned": _l("ส่งกลับแก้ไข"), "approved": _l("อนุมัติแล้ว"),
    "superseded": _l("ถูกแทนที่แล้ว"), "retired": _l("เลิกใช้"),
}  # fmt: skip
STATUS_KINDS = {"draft": "plain", "in-review": "wait", "returned": "act", "approved": "good", "superseded": "off",
                "retired": "off"}  # fmt: skip
RULE_WORDS = {
    "sum": _l("รวมคะแนนของส่วนที่ตอบ"), "all-or-nothing": _l("ถูกทั้งหมดจึงได้คะแนน"), "position": _l("รายการที่อยู่ตรงตำแหน่ง"),
    "next": _l("รายการที่ตามด้วยรายการที่ถูก"), "next-or-last": _l("รายการที่ตามด้วยรายการที่ถูก รวมรายการสุดท้าย"),
    "neighbors": _l("รายการข้างหน้าและข้างหลังถูก"), "all-pairs": _l("คู่ที่อยู่ก่อนหลังถูกต้อง"),
    "longest-run": _l("ลำดับถูกที่ยาวที่สุด เว้นได้"), "longest-block": _l("ลำดับถูกที่ยาวที่สุด ต่อเนื่องกัน"),
    "distance": _l("ระยะห่างจากตำแหน่งที่ถูก"), "rubric": _l("ให้คะแนนตามเกณฑ์ย่อย"),
}  # fmt: skip
MARK_WORDS = {
    "unanswered": _l("ไม่ได้ตอบ"), "correct": _l("ถูกต้อง"), "partial": _l("ถูกบางส่วน"), "wrong": _l("ไม่ถูกต้อง"),
    "to-mark": _l("รอผู้ตรวจให้คะแนน"),
}  # fmt: skip
PART_WORDS = {
    "right": _l("ถูก"), "wrong": _l("ผิด"), "missed": _l("ข้อถูกที่ไม่ได้ตอบ"), "default": _l("ไม่ตรงกับคำตอบที่ยอมรับ"),
    "range": _l("ตรงกับคำตอบที่ยอมรับ"), "no-number": _l("อ่านเป็นตัวเลขไม่ได้"), "unit-missing": _l("ไม่มีหน่วย"),
    "unit-unknown": _l("หน่วยไม่ตรงกับที่ยอมรับ"), "too-many": _l("เลือกเกินจำนวนที่กำหนด"), "in-place": _l("ตรงตำแหน่ง"),
    "out-of-place": _l("ไม่ตรงตำแหน่ง"), "rubric": _l("ตามเกณฑ์ย่อย"),
}  # fmt: skip
PROBLEM_WORDS = {
    "unknown-type": _l("ไม่รู้จักชนิดของข้อสอบ"), "no-stem": _l("ยังไม่มีโจทย์"), "missing": _l("ยังไม่ได้กรอก"),
    "out-of-range": _l("ตัวเลขอยู่นอกช่วงที่ใช้ได้"), "not-a-number": _l("ต้องเป็นตัวเลข เช่น 60 หรือ 62.5"),
    "unknown-rule": _l("ไม่รู้จักวิธีให้คะแนนนี้"), "upper-bound": _l("เพดานคะแนนต้องมากกว่า 0 และไม่เกินร้อยละ 100"),
    "lower-bound": _l("คะแนนต่ำสุดต้องไม่มากกว่า 0"), "fraction-range": _l("สัดส่วนคะแนนมากเกินไป"),
    "not-true-false": _l("ข้อถูกหรือผิดต้องมีสองตัวเลือก"), "none-right": _l("ยังไม่มีคำตอบที่ได้คะแนนเต็ม"),
    "not-full": _l("ตอบถูกทุกส่วนแล้วยังไม่ได้คะแนนเต็ม สัดส่วนของคำตอบที่ถูกต้องรวมเป็นร้อยละ 100"),
    "too-few-allowed": _l("จำนวนที่ให้เลือกน้อยกว่าจำนวนข้อที่ถูก"), "too-few": _l("มีรายการน้อยเกินไป"),
    "too-many": _l("มีรายการมากเกินไป"), "id-twice": _l("รายการซ้ำกัน"), "unknown-pair": _l("คู่นี้อ้างถึงรายการที่ไม่มี"),
    "pair-twice": _l("คู่ซ้ำกัน"), "order-incomplete": _l("ลำดับที่ถูกต้องไม่ครบทุกรายการ"),
    "negative-tolerance": _l("ค่าคลาดเคลื่อนต้องไม่ติดลบ"), "low-above-high": _l("ค่าต่ำสุดมากกว่าค่าสูงสุด"),
}  # fmt: skip
PART_NAMES = {
    "choices": _l("ตัวเลือก"), "sources": _l("รายการซ้าย"), "targets": _l("รายการขวา"), "pairs": _l("คู่ที่ถูกต้อง"),
    "entries": _l("รายการ"), "answers": _l("คำตอบที่ยอมรับ"), "rubric": _l("เกณฑ์ย่อย"), "units": _l("หน่วย"),
    "stem_th": _l("โจทย์"), "points": _l("คะแนนเต็ม"), "scoring": _l("วิธีให้คะแนน"), "order": _l("ลำดับที่ถูกต้อง"),
    "max_choices": _l("เลือกได้มากที่สุด"), "min_choices": _l("เลือกอย่างน้อย"), "min_words": _l("จำนวนคำอย่างน้อย"),
}  # fmt: skip
FEEDBACK_WORDS = {
    "feedback": _l("คำอธิบายท้ายข้อ"), "feedback_correct": _l("คำอธิบายเมื่อถูก"), "feedback_partial": _l("คำอธิบายเมื่อถูกบางส่วน"),
    "feedback_incorrect": _l("คำอธิบายเมื่อผิด"),
}  # fmt: skip
TRUE_FALSE = {"true": _l("ถูก"), "false": _l("ผิด")}


def problem_words(problem: Problem) -> str:
    """One line: which part, and what is wrong with it."""
    name, _dot, rest = problem.path.partition("[")
    part = PART_NAMES.get(name.partition(".")[0], name)
    where = f"{part} {int(rest.partition(']')[0]) + 1}" if rest else str(part)
    return f"{where}: {PROBLEM_WORDS[problem.code]}"


def percent(text: str) -> str:
    """A share of the points in per cent, exactly where it has an end."""
    try:
        number = exact(text) * 100
    except ValueError:
        return text
    shown = plain(number)
    return shown if "/" not in shown else f"{float(number):.2f}"


class Line(NamedTuple):
    """One line of a document: its key for comparing, what it is, what it says."""

    key: str
    label: str
    text: str


def outline(document: Mapping[str, Any], key: bool) -> list[Line]:
    """A document line by line as plain words; without ``key`` nothing that tells what is right (give it the document of
    ``presenting.without_key`` then).
    """
    lines = [Line("type", str(_("ชนิด")), str(TYPE_WORDS[document["type"]]))]
    lines += _both(document, "title", _("ชื่อข้อ")) + _both(document, "stem", _("โจทย์"))
    lines.append(Line("points", str(_("คะแนนเต็ม")), document["points"]))
    if document["type"] in ("single", "multiple", "matching"):
        lines.append(Line("shuffle", str(_("สลับตัวเลือก")), str(_("สลับ") if document["shuffle"] else _("ไม่สลับ"))))
    for name in ("choices", "sources", "targets", "entries"):
        for number, row in enumerate(document.get(name, ())):
            here = f"{name} {row.get('id', number)}"
            label = f"{PART_NAMES[name]} {number + 1}"
            lines.append(Line(here, label, _part(row, key)))
    return lines + (_key_lines(document) if key else [])


def _both(row: Mapping[str, Any], name: str, label: Any) -> list[Line]:
    found = []
    for language, words in (("th", _("ไทย")), ("en", _("อังกฤษ"))):
        if text := richtext.plain(row.get(f"{name}_{language}", "")):
            found.append(Line(f"{name}_{language}", f"{label} ({words})", text))
    return found


def _part(row: Mapping[str, Any], key: bool) -> str:
    texts = [richtext.plain(row[name]) for name in ("text_th", "text_en") if row[name]]
    text = " / ".join(texts) or str(TRUE_FALSE.get(row.get("id", ""), "—"))
    if not key or "fraction" not in row:
        return text
    feedback = richtext.plain(row["feedback_th"] or row["feedback_en"])
    return f"{text} [{percent(row['fraction'])} %]" + (f" — {feedback}" if feedback else "")


def _key_lines(document: Mapping[str, Any]) -> list[Line]:
    scoring = document["scoring"]
    lines = [Line("rule", str(PART_NAMES["scoring"]), _rule(scoring))]
    texts = {row["id"]: richtext.plain(row["text_th"] or row["text_en"]) for name in ("sources", "targets", "entries")
             for row in document.get(name, ())}  # fmt: skip
    for row in document.get("pairs", ()):
        pair = f"{texts.get(row['source'], '?')} → {texts.get(row['target'], '?')} [{percent(row['fraction'])} %]"
        lines.append(Line(f"pair {row['source']} {row['target']}", str(PART_NAMES["pairs"]), pair))
    if "order" in document:
        lines.append(
            Line("order", str(PART_NAMES["order"]), " → ".join(texts.get(name, "?") for name in document["order"]))
        )
    for number, row in enumerate(document.get("answers", ())):
        lines.append(Line(f"answer {number}", f"{PART_NAMES['answers']} {number + 1}", answer_words(row)))
    if document.get("units"):
        units = ", ".join(
            row["text"] + ("" if row["factor"] == "1" else f" × {row['factor']}") for row in document["units"]
        )
        lines.append(Line("units", str(PART_NAMES["units"]), units))
    for row in document.get("rubric", ()):
        levels = "; ".join(f"{level['points']} = {level['text_th'] or level['text_en']}" for level in row["levels"])
        name = row["name_th"] or row["name_en"]
        lines.append(
            Line(f"rubric {row['id']}", str(PART_NAMES["rubric"]), f"{name} ({row['points']}) {levels}".strip())
        )
    lines += _both(document, "model", _("แนวคำตอบ")) + _both(document, "note", _("คำแนะนำผู้ตรวจ"))
    for name in FEEDBACKS:
        lines += _both(document, name, FEEDBACK_WORDS[name])
    return lines


def _rule(scoring: Mapping[str, Any]) -> str:
    words = [str(RULE_WORDS.get(scoring["rule"], scoring["rule"]))]
    if scoring["lower"] != "0":
        lowest = (
            _("ไม่มีคะแนนต่ำสุด") if scoring["lower"] is None else _("ต่ำสุดร้อยละ %(share)s", share=percent(scoring["lower"]))
        )
        words.append(str(lowest))
    if scoring["upper"] != "1":
        words.append(str(_("สูงสุดร้อยละ %(share)s", share=percent(scoring["upper"]))))
    if scoring["default"] != "0":
        words.append(str(_("คำตอบอื่นร้อยละ %(share)s", share=percent(scoring["default"]))))
    return " · ".join(words)


def answer_words(row: Mapping[str, Any]) -> str:
    """An accepted answer: ``100 ± 0.5 [50 %]``."""
    if "text" in row:
        shown = f"“{row['text']}”"
    elif "value" in row:
        shown = row["value"]
        if row["mode"] != "exact" and (row["below"], row["above"]) != ("0", "0"):
            edges = [
                percent(row[name]) + " %" if row["mode"] == "relative" else row[name] for name in ("below", "above")
            ]
            shown += f" ± {edges[0]}" if edges[0] == edges[1] else f" −{edges[0]} +{edges[1]}"
    else:
        low, high = row["low"] or "−∞", row["high"] or "∞"
        shown = f"{'(' if row['low_open'] else '['}{low}, {high}{')' if row['high_open'] else ']'}"
    feedback = richtext.plain(row["feedback_th"] or row["feedback_en"])
    return f"{shown} [{percent(row['fraction'])} %]" + (f" — {feedback}" if feedback else "")


class Difference(NamedTuple):
    """A line of which two versions say different things; empty where one does not have it."""

    label: str
    before: str
    after: str


def differences(before: list[Line], after: list[Line]) -> list[Difference]:
    """What changed between two outlines, in the order of the later one, what is gone last."""
    old, new = {line.key: line for line in before}, {line.key: line for line in after}
    found = [
        Difference(line.label, old[key].text if key in old else "", line.text)
        for key, line in new.items()
        if key not in old or old[key].text != line.text
    ]
    return found + [Difference(line.label, line.text, "") for key, line in old.items() if key not in new]
