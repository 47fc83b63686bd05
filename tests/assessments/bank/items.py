"""Item documents for the tests: one of each type, complete, in the one form."""

from webapp.assessments.bank.document import cleaned


def choice(name, fraction="0", **more):
    return {"id": name, "text_th": f"ข้อ {name}", "fraction": fraction, **more}


def single(**more):
    rows = [choice("a"), choice("b", "1", feedback_th="ถูกต้อง"), choice("c", "1/2"), choice("d", "-1/3")]
    return cleaned({"type": "single", "stem_th": "<p>ข้อใดถูก</p>", "points": "2", "choices": rows, **more})


def multiple(**more):
    rows = [choice("a", "1/2"), choice("b", "1/2"), choice("c", "-1/4"), choice("d", "0")]
    return cleaned({"type": "multiple", "stem_th": "เลือกทุกข้อที่ถูก", "points": "2", "choices": rows, **more})


def true_false(**more):
    rows = [{"id": "true", "fraction": "1"}, {"id": "false"}]
    return cleaned({"type": "true-false", "stem_th": "กรุงเทพมหานครมี 50 เขต", "choices": rows, **more})


def matching(**more):
    return cleaned({
        "type": "matching", "stem_th": "จับคู่", "points": "3",
        "sources": [{"id": f"s{n}", "text_th": f"ซ้าย {n}"} for n in (1, 2, 3)],
        "targets": [{"id": f"t{n}", "text_th": f"ขวา {n}"} for n in (1, 2, 3, 4)],
        "pairs": [{"source": f"s{n}", "target": f"t{n}", "fraction": "1/3"} for n in (1, 2, 3)], **more,
    })  # fmt: skip


def ordering(rule="position", count=5, **more):
    names = [f"e{n}" for n in range(1, count + 1)]
    entries = [{"id": name, "text_th": f"ขั้น {name}"} for name in names]
    return cleaned({
        "type": "ordering", "stem_th": "เรียง", "points": "5", "entries": entries, "order": names,
        "scoring": {"rule": rule}, **more,
    })  # fmt: skip


def numeric(**more):
    answers = [
        {"value": "100", "mode": "absolute", "below": "0.5", "above": "1"},
        {"value": "-200", "mode": "relative", "below": "0.1", "above": "0.1", "fraction": "1/2"},
        {"low": "300", "high": "400", "high_open": True, "fraction": "0.25"},
    ]
    return cleaned({"type": "numeric", "stem_th": "กี่บาท", "answers": answers,
                    "units": [{"text": "บาท"}, {"text": "ล้านบาท", "factor": "1000000"}], **more})  # fmt: skip


def text(**more):
    answers = [{"text": "สำนักงานเขต"}, {"text": "เขต*กรุงเทพ", "fraction": "1/2"}, {"text": "BMA", "case": True}]
    return cleaned({"type": "text", "stem_th": "หน่วยงานใด", "answers": answers, **more})


def essay(**more):
    rubric = [
        {
            "id": "r1",
            "name_th": "วิเคราะห์",
            "points": "6",
            "levels": [{"points": "6", "text_th": "ครบ"}, {"points": "0"}],
        },
        {"id": "r2", "name_th": "เสนอแนวทาง", "points": "4", "levels": []},
    ]
    return cleaned({"type": "essay", "stem_th": "อภิปราย", "points": "20", "rubric": rubric, "model_th": "เฉลย",
                    "min_words": 100, "max_words": 500, **more})  # fmt: skip


ALL = (single, multiple, true_false, matching, ordering, numeric, text, essay)
