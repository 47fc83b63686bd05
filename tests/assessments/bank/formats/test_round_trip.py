"""The law of export: whatever the item, a file holds it so that it reads back as the same item, or names it as left out."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.assessments.bank.document import ORDER_RULES, cleaned, problems
from webapp.assessments.bank.formats import gift, moodle, qti
from webapp.assessments.bank.formats.keeping import digest, same
from webapp.assessments.bank.formats.writing import Given, write
from webapp.assessments.bank.sheets import read_items, row_of, workbook
from webapp.clock import now

READ = {"moodle": moodle.read, "gift": gift.read, "qti": qti.read}
PIECES = [
    "เขต", "กรุงเทพมหานคร", "a", "B c", "50 %", "~", "=", "#", "####", "{", "}", ":", "::", "->", "//", "\\", "\\n", "\\=",
    "[html]", "[plain]", "$CATEGORY: x", "%50%", "*", "\\*", "<b>หนา</b>", "<br>", "&amp;", "&lt;", '"', "'", "]]>", "๑๒",
    "[kaona:x]", "[tag:y]", "→", "T", "TRUE", "1..5", "..", "\u00a0", "m<sup>2</sup>", "{{1:SA:=x}}", "[[1]]", "picture:x",
]  # fmt: skip
pieces = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4)
texts = st.builds(" ".join, pieces)
tight = st.builds("".join, pieces)
words = st.one_of(texts, tight)
maybe = st.one_of(st.just(""), words)
shares = st.sampled_from(["1", "1/2", "1/3", "-1/3", "-1", "0.25", "0", "1/7", "-0.05"])
numbers = st.sampled_from(["0", "1", "-2.5", "3.14159", "1/3", "1000000", "0.0001", "1e3"])


@st.composite
def rows(draw: Any, prefix: str, least: int, most: int) -> list[dict[str, Any]]:
    count = draw(st.integers(least, most))
    return [
        {"id": f"{prefix}{n}", "text_th": draw(words), "text_en": draw(maybe), "feedback_th": draw(maybe)}
        for n in range(count)
    ]


@st.composite
def parts(draw: Any, kind: str) -> dict[str, Any]:
    if kind in ("single", "multiple"):
        choices = draw(rows("c", 2, 5))
        for row in choices:
            row |= {"fraction": draw(shares), "fixed": draw(st.booleans())}
        choices[0]["fraction"] = "1"
        return {
            "choices": choices,
            "max_choices": draw(st.sampled_from([0, 5])),
            "min_choices": draw(st.integers(0, 1)),
        }
    if kind == "true-false":
        right = draw(st.booleans())
        return {"choices": [
            {"id": "true", "fraction": str(int(right)), "feedback_th": draw(maybe)},
            {"id": "false", "fraction": str(int(not right)), "text_th": draw(maybe)},
        ]}  # fmt: skip
    if kind == "matching":
        sources, targets = draw(rows("s", 1, 3)), draw(rows("t", 1, 4))
        share = str(Fraction(1, len(sources)))
        pairs = [
            {"source": row["id"], "target": draw(st.sampled_from(targets))["id"], "fraction": share} for row in sources
        ]
        return {"sources": sources, "targets": targets, "pairs": pairs}
    if kind == "ordering":
        entries = draw(rows("e", 2, 4))
        return {"entries": entries, "order": draw(st.permutations([row["id"] for row in entries]))}
    return draw(typed(kind))


@st.composite
def typed(draw: Any, kind: str) -> dict[str, Any]:
    if kind == "numeric":
        answers = []
        for _n in range(draw(st.integers(1, 3))):
            ends = {"low_open": draw(st.booleans()), "high_open": draw(st.booleans()), "fraction": draw(shares)}
            edge = {
                "mode": draw(st.sampled_from(["exact", "absolute", "relative"])),
                "below": "0.1",
                "above": draw(st.sampled_from(["0.1", "0.2"])),
            }
            span = draw(
                st.sampled_from([{"low": "1", "high": "2"}, {"low": None, "high": "0"}, {"low": "5", "high": None}])
            )
            answers.append(
                {
                    **ends,
                    **(draw(st.sampled_from([span, {"value": draw(numbers), **edge}]))),
                    "feedback_th": draw(maybe),
                }
            )
        answers[0]["fraction"] = "1"
        units = draw(st.sampled_from([[], [{"text": "กม."}, {"text": "ม.", "factor": "1/1000"}]]))
        return {"answers": answers, "units": units, "unit_required": bool(units) and draw(st.booleans())}
    if kind == "text":
        case = draw(st.booleans())
        answers = [
            {
                "text": draw(words),
                "fraction": draw(shares),
                "case": case or draw(st.booleans()),
                "wildcards": draw(st.booleans()),
            }
            for _n in range(draw(st.integers(1, 3)))
        ]
        answers[0]["fraction"] = "1"
        return {"answers": answers, "compare": draw(st.sampled_from(["normalized", "exact"]))}
    rubric = [{"id": "r1", "name_th": draw(words), "points": "4", "levels": [{"points": "4", "text_th": draw(maybe)}]}]
    return {"rubric": draw(st.sampled_from([[], rubric])), "model_th": draw(maybe), "note_th": draw(maybe),
            "template_th": draw(maybe), "min_words": draw(st.integers(0, 20)), "max_words": 300}  # fmt: skip


@st.composite
def documents(draw: Any) -> dict[str, Any]:
    kind = draw(
        st.sampled_from(["single", "multiple", "true-false", "matching", "ordering", "numeric", "text", "essay"])
    )
    rules = {
        "multiple": ["sum", "all-or-nothing"],
        "matching": ["sum", "all-or-nothing"],
        "ordering": list(ORDER_RULES),
    }
    scoring = {
        "rule": draw(st.sampled_from(rules.get(kind, [""]))), "lower": draw(st.sampled_from(["0", "0", "0", None, "-1/2"])),
        "default": draw(st.sampled_from(["0", "0", "0", "-1/4"])), "upper": "1", "unanswered": draw(st.sampled_from(["0"] * 9 + ["-1/5"])),
    }  # fmt: skip
    return cleaned({
        "type": kind, "title_th": draw(maybe), "stem_th": draw(words), "stem_en": draw(maybe), "feedback_th": draw(maybe),
        "feedback_correct_th": draw(maybe), "points": draw(st.sampled_from(["1", "2", "0.5", "1/3"])), "scoring": scoring,
        "shuffle": draw(st.booleans()), **draw(parts(kind)),
    })  # fmt: skip


@pytest.mark.parametrize("name", sorted(READ))
@settings(max_examples=40)
@given(document=documents(), tags=st.lists(st.sampled_from(["งบประมาณ", "a/b", "competency:teamwork"]), unique=True))
def test_an_item_reads_back_or_is_named(name: str, document: dict[str, Any], tags: list[str]) -> None:
    if problems(document):
        return
    written = write(name, [Given("ชื่อ", document, ("หมวด/ก", "ข"), tuple(tags))], {})
    if written.refused:
        assert written.count == 0 and written.refused[0].values["why"]
        return
    reading = READ[name](written.content)
    assert reading.refused == [] and len(reading.items) == 1
    assert same(reading.items[0].document, document)
    assert digest(reading.items[0].document) == digest(document), "the bank knows it for its own again"
    if name != "qti":
        assert reading.items[0].category == ("หมวด/ก", "ข")
        assert reading.items[0].tags == tuple(tags)


@settings(max_examples=40)
@given(document=documents())
def test_a_row_of_a_sheet_reads_back_or_there_is_none(document: dict[str, Any]) -> None:
    row = None if problems(document) else row_of(document, "หมวด", [("topic", "งบ")])
    if row is None:
        return
    found, wrong = read_items(workbook([row], created=now()))
    assert wrong == [] and len(found) == 1
    again = write("moodle", [Given("x", found[0].document)], {}).content
    assert again == write("moodle", [Given("x", {**document, "title_th": "", "title_en": ""})], {}).content
