"""Items as a sheet, one to a row: what staff fill in by Excel, and what they take away. Every bad cell is named.

A sheet says what most items need; what only the editor can say (shares that differ, bounds, pictures) is left out of the
export with the item's code in the list of those left out.
"""

import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from webapp import thai
from webapp.assessments.bank import richtext
from webapp.assessments.bank.boxes import automatic, is_plain_matching
from webapp.assessments.bank.document import ORDER_RULES, cleaned, exact, problems
from webapp.assessments.ranking.scores import plain
from webapp.spreadsheets.cells import Choice, Text
from webapp.spreadsheets.reading import Column, Problem, open_file, read_table
from webapp.spreadsheets.writing import Book

KINDS = {
    "single": "เลือกตอบข้อเดียว", "multiple": "เลือกตอบหลายข้อ", "true-false": "ถูกหรือผิด", "matching": "จับคู่",
    "ordering": "เรียงลำดับ", "numeric": "เติมตัวเลข", "text": "เติมคำสั้น", "essay": "อัตนัย",
}  # fmt: skip
LETTERS = "ABCDEFGH"
SHEET = "items"


def _l(text: str) -> str:
    """Marks a text for the English catalog; it is translated where it is shown."""
    return text


LONG = Text(longest=20_000)
COLUMNS = (
    Column("type", _l("ชนิดข้อสอบ"), _l("ชนิดของข้อสอบ"), Choice(KINDS), required=True),
    Column("category", _l("หมวดข้อสอบ"), _l("ชื่อหมวด คั่นชั้นด้วย >"), Text(), required=True),
    Column("question", _l("โจทย์"), _l("โจทย์ภาษาไทย"), LONG, required=True),
    Column("question_en", _l("โจทย์ภาษาอังกฤษ"), _l("เว้นว่างได้"), LONG),
    Column("points", _l("คะแนนเต็ม"), _l("เว้นว่างคือ 1"), Text(longest=40)),
    *(Column(letter.lower(), letter, _l("ตัวเลือก รายการ หรือ ซ้าย = ขวา"), LONG) for letter in LETTERS),
    Column("answer", _l("คำตอบ"), _l("อักษรของข้อที่ถูก ตัวเลข คำที่ยอมรับคั่นด้วย ; หรือ ถูก/ผิด"), LONG),
    Column("tolerance", _l("บวกลบ"), _l("ความคลาดเคลื่อนของคำตอบตัวเลข เช่น 0.5 หรือ 5%"), Text(longest=40)),
    Column("rule", _l("วิธีให้คะแนน"), _l("เว้นว่าง หรือ all-or-nothing หรือชื่อวิธีของข้อเรียงลำดับ"), Text(longest=40)),
    Column("explanation", _l("คำอธิบายท้ายข้อ"), _l("เว้นว่างได้"), LONG),
    Column("topics", _l("หัวข้อ"), _l("คั่นด้วย ;"), Text()),
    Column("competencies", _l("รหัสสมรรถนะ"), _l("คั่นด้วย ;"), Text()),
)


@dataclass(frozen=True, slots=True)
class SheetItem:
    """One row read: where it stood, its document, its category's names from the top, its tags."""

    row: int
    document: dict[str, Any]
    category: tuple[str, ...]
    tags: tuple[tuple[str, str], ...]


class BadCell(Exception):
    """A cell that cannot be used: its column, and the sentence that says what would be right."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column, self.message = column, message


def read_items(source: Path | bytes) -> tuple[list[SheetItem], list[Problem]]:
    """Every row of the sheet as an item, and everything wrong with any of them. Raises ``BadInput`` for no sheet at all."""
    with open_file(source) as opened:
        names = opened.sheet_names
        grid = opened.grid(SHEET if SHEET in names else names[0])
    table = read_table(grid, COLUMNS, SHEET)
    if table.unusable:
        return [], table.unusable
    found = []
    for place in range(len(table)):
        row = {column.name: table.column(column.name)[place] for column in COLUMNS}
        if place in table.bad_places or any(row[column.name] is None for column in COLUMNS if column.required):
            continue
        try:
            document = document_of(row)
        except BadCell as bad:
            table.reject(place, bad.column, bad.message)
            continue
        found.append(SheetItem(table.rows[place], document, _names(row["category"]), _tags(row)))
    return found, table.problems


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(">") if name.strip())


def _tags(row: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    split = lambda text: [part.strip() for part in (text or "").split(";") if part.strip()]  # noqa: E731
    topics = [("topic", value) for value in split(row["topics"])]
    return tuple(topics + [("competency", value) for value in split(row["competencies"])])


def document_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """The item document of a row. Raises ``BadCell``."""
    raw: dict[str, Any] = {
        "type": row["type"], "stem_th": richtext.from_typed(row["question"]), "points": row["points"] or "1",
        "stem_en": richtext.from_typed(row["question_en"] or ""), "scoring": {"rule": row["rule"] or ""},
        "feedback_th": richtext.from_typed(row["explanation"] or ""),
    }  # fmt: skip
    texts = [(letter, row[letter.lower()]) for letter in LETTERS if row[letter.lower()]]
    document = cleaned(raw | _KEYS[row["type"]](row, texts))
    wrong = problems(document)
    if wrong:
        column = {"points": "points", "scoring": "rule", "choices": "answer"}.get(re.split(r"[.\[]", wrong[0].path)[0])
        raise BadCell(column or "answer", _l("ข้อมูลของข้อนี้ยังใช้ไม่ได้ โปรดดูคำอธิบายของคอลัมน์ในแบบฟอร์ม"))
    return document


def _choices(row: Mapping[str, Any], texts: list[tuple[str, str]]) -> dict[str, Any]:
    letters = [part for part in re.split(r"[\s,;]+", (row["answer"] or "").upper()) if part]
    known = {letter for letter, _text in texts}
    if not letters or set(letters) - known or (row["type"] == "single" and len(letters) > 1):
        raise BadCell("answer", _l("ต้องเป็นอักษรของตัวเลือกที่ถูก เช่น B หรือ A,C"))
    shares = {
        letter: automatic(row["type"], row["rule"] or "sum", letter in letters, len(set(letters))) for letter in known
    }
    return {
        "choices": [
            {"id": letter.lower(), "text_th": richtext.from_typed(text), "fraction": plain(shares[letter])}
            for letter, text in texts
        ]
    }


TRUE = frozenset({"true", "t", "1", "ถูก", "จริง"})
FALSE = frozenset({"false", "f", "0", "ผิด", "เท็จ"})


def _true_false(row: Mapping[str, Any], _texts: list[tuple[str, str]]) -> dict[str, Any]:
    answer = (row["answer"] or "").casefold()
    if answer not in TRUE | FALSE:
        raise BadCell("answer", _l("ต้องเป็น ถูก หรือ ผิด"))
    right = answer in TRUE
    return {"choices": [{"id": "true", "fraction": str(int(right))}, {"id": "false", "fraction": str(int(not right))}]}


def _matching(_row: Mapping[str, Any], texts: list[tuple[str, str]]) -> dict[str, Any]:
    pairs, targets = [], []
    for letter, text in texts:
        source, equals, target = (part.strip() for part in text.partition("="))
        if not equals or not target:
            raise BadCell(letter.lower(), _l("ต้องเขียน ซ้าย = ขวา หรือ = ขวา สำหรับตัวลวง"))
        if target not in targets:
            targets.append(target)
        if source:
            pairs.append((source, target))
    share = plain(Fraction(1, max(len(pairs), 1)))
    return {
        "sources": [{"id": f"s{n}", "text_th": richtext.from_typed(source)} for n, (source, _t) in enumerate(pairs)],
        "targets": [{"id": f"t{n}", "text_th": richtext.from_typed(target)} for n, target in enumerate(targets)],
        "pairs": [
            {"source": f"s{n}", "target": f"t{targets.index(target)}", "fraction": share}
            for n, (_source, target) in enumerate(pairs)
        ],
    }


def _ordering(row: Mapping[str, Any], texts: list[tuple[str, str]]) -> dict[str, Any]:
    if row["rule"] and row["rule"] not in ORDER_RULES:
        raise BadCell("rule", _l("ไม่รู้จักวิธีให้คะแนนนี้"))
    entries = [{"id": f"e{n}", "text_th": richtext.from_typed(text)} for n, (_letter, text) in enumerate(texts)]
    return {"entries": entries, "order": [entry["id"] for entry in entries]}


def _numeric(row: Mapping[str, Any], _texts: list[tuple[str, str]]) -> dict[str, Any]:
    within = thai.arabic_digits(row["tolerance"] or "0").replace(" ", "")
    mode = "relative" if within.endswith("%") else "absolute"
    try:
        value = plain(exact(thai.arabic_digits(row["answer"] or "").replace(",", "")))
        edge = exact(within.rstrip("%")) / (100 if mode == "relative" else 1)
    except ValueError:
        raise BadCell("answer", _l("ต้องเป็นตัวเลข เช่น 60 หรือ 62.5")) from None
    return {
        "answers": [{"value": value, "mode": mode if edge else "exact", "below": plain(edge), "above": plain(edge)}]
    }


def _words(row: Mapping[str, Any], _texts: list[tuple[str, str]]) -> dict[str, Any]:
    accepted = [part.strip() for part in (row["answer"] or "").split(";") if part.strip()]
    if not accepted:
        raise BadCell("answer", _l("ต้องมีคำที่ยอมรับอย่างน้อยหนึ่งคำ"))
    return {"answers": [{"text": text} for text in accepted]}


def _essay(row: Mapping[str, Any], texts: list[tuple[str, str]]) -> dict[str, Any]:
    rubric = []
    for number, (letter, text) in enumerate(texts, 1):
        name, equals, points = (part.strip() for part in text.rpartition("="))
        if not equals:
            raise BadCell(letter.lower(), _l("ต้องเขียน ชื่อเกณฑ์ย่อย = คะแนนเต็ม"))
        rubric.append({"id": f"r{number}", "name_th": name, "points": thai.arabic_digits(points)})
    return {"rubric": rubric, "model_th": richtext.from_typed(row["answer"] or "")}


_KEYS = {
    "single": _choices, "multiple": _choices, "true-false": _true_false, "matching": _matching, "ordering": _ordering,
    "numeric": _numeric, "text": _words, "essay": _essay,
}  # fmt: skip


# -- out


def row_of(
    document: Mapping[str, Any], category: str = "", tags: Sequence[tuple[str, str]] = ()
) -> dict[str, str] | None:
    """The row that reads back as this document; None where a row cannot say all of it."""
    kind = document["type"]
    rule = document["scoring"]["rule"]
    row = dict.fromkeys((column.name for column in COLUMNS), "")
    row |= {
        "type": kind, "category": category, "question": richtext.to_typed(document["stem_th"]), "points": document["points"],
        "question_en": richtext.to_typed(document["stem_en"]), "rule": "" if rule in ("sum", "rubric") else rule,
        "explanation": richtext.to_typed(document["feedback_th"]),
        "topics": "; ".join(value for tag, value in tags if tag == "topic"),
        "competencies": "; ".join(value for tag, value in tags if tag == "competency"),
    }  # fmt: skip
    texts, row["answer"] = _out(document)
    if len(texts) > len(LETTERS):
        return None
    row |= {letter.lower(): text for letter, text in zip(LETTERS, texts, strict=False)}
    if kind == "numeric" and document["answers"] and document["answers"][0].get("mode") not in (None, "exact"):
        answer = document["answers"][0]
        share = answer["mode"] == "relative"
        row["tolerance"] = f"{plain(exact(answer['below']) * 100)}%" if share else answer["below"]
    try:
        again = document_of({name: value or None for name, value in row.items()})
    except (BadCell, KeyError):
        return None
    return row if _same(again, document) else None


def _out(document: Mapping[str, Any]) -> tuple[list[str], str]:
    """The texts of the lettered columns, and the answer."""
    kind = document["type"]
    words = lambda rows: [richtext.to_typed(row["text_th"]) for row in rows]  # noqa: E731
    if kind == "true-false":
        right = next((row["id"] for row in document["choices"] if row["fraction"] == "1"), "")
        return [], "ถูก" if right == "true" else "ผิด"
    if kind in ("single", "multiple"):
        rows = list(zip(LETTERS, document["choices"], strict=False))
        return words(document["choices"]), ",".join(letter for letter, row in rows if exact(row["fraction"]) > 0)
    if kind == "matching":
        if not is_plain_matching(document):
            return [""] * (len(LETTERS) + 1), ""
        texts = {row["id"]: richtext.to_typed(row["text_th"]) for row in (*document["sources"], *document["targets"])}
        pairs = {row["source"]: row["target"] for row in document["pairs"]}
        lines = [f"{texts[row['id']]} = {texts[pairs[row['id']]]}" for row in document["sources"]]
        return lines + [f"= {texts[row['id']]}" for row in document["targets"] if row["id"] not in pairs.values()], ""
    if kind == "ordering":
        texts = {row["id"]: richtext.to_typed(row["text_th"]) for row in document["entries"]}
        return [texts[name] for name in document["order"]], ""
    if kind == "essay":
        return [f"{row['name_th']} = {row['points']}" for row in document["rubric"]], richtext.to_typed(
            document["model_th"]
        )
    if kind == "text":
        return [], "; ".join(row["text"] for row in document["answers"])
    return [], document["answers"][0].get("value", "") if document["answers"] else ""


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two documents ask and mark the same, whatever their parts are called."""
    return _anonymous(one) == _anonymous(other)


def _anonymous(document: Mapping[str, Any]) -> Any:
    names: dict[str, str] = {}

    def walk(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: walk(part) for key, part in sorted(value.items())}
        if isinstance(value, list | tuple):
            return [walk(part) for part in value]
        return names.get(value, value) if isinstance(value, str) else value

    for part in ("choices", "sources", "targets", "rubric"):
        names |= {row["id"]: f"{part} {number}" for number, row in enumerate(document.get(part, ()))}
    names |= {name: f"entry {number}" for number, name in enumerate(document.get("order", ()))}
    entries = sorted((walk(row) for row in document.get("entries", ())), key=lambda row: str(row["id"]))
    return walk({**document, "entries": entries, "title_th": "", "title_en": ""})


def workbook(
    rows: Iterable[Mapping[str, str]], *, created: dt.datetime, language: str = "th",
    left_out: Sequence[tuple[str, str, str]] = (),
) -> bytes:  # fmt: skip
    """A workbook of these rows, what each column may hold in the second sheet; without rows it is the empty form.

    ``left_out`` names items that no row can say: code, title, why.
    """
    content = io.BytesIO()
    with Book(content, created=created, title=SHEET, language=language) as book:
        sheet = book.sheet(SHEET, landscape=True)
        book.table(sheet, [column.name for column in COLUMNS], ([row[c.name] for c in COLUMNS] for row in rows))
        sheet.data_validation(1, 0, 1000, 0, {"validate": "list", "source": list(KINDS)})
        book.table(book.sheet("help"), ["column", "heading", "help"], ([c.name, c.heading, c.help] for c in COLUMNS))
        if left_out:
            book.table(book.sheet("left out"), ["code", "title", "reason"], left_out)
    return content.getvalue()
