"""Agreement in words: each figure with its model, interval and what it means, and the picture of who is severe.

A page embeds ``assessments/reliability/_figures.html`` with a :class:`Shown`.
"""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp import charts
from webapp.assessments.statistics import Refusal
from webapp.assessments.statistics.agreement import CONFIDENCE, FEW_RATEES, MODELS, Correlation, Severity
from webapp.assessments.statistics.reliability import Reliability

REFUSALS: dict[str, Any] = {
    "too-few-ratees": _l("มีผู้ถูกประเมิน %(found)s คน ต้องมีอย่างน้อย %(least)s คน"),
    "too-few-assessors": _l("มีผู้ประเมิน %(found)s คน ต้องมีอย่างน้อย %(least)s คน"),
    "not-everybody-rated": _l("ยังขาดคะแนน %(missing)s ช่อง ค่านี้คำนวณได้เมื่อผู้ประเมินทุกคนให้คะแนนทุกคน"),
    "all-marks-equal": _l("คะแนนทุกช่องเท่ากัน จึงไม่มีความแตกต่างให้เปรียบเทียบ"),
    "ratees-do-not-differ": _l("ผู้ถูกประเมินได้คะแนนไม่ต่างกัน จึงคำนวณค่านี้ไม่ได้"),
    "nobody-rated-twice": _l("ยังไม่มีผู้ใดได้คะแนนจากผู้ประเมินสองคน"),
}  # fmt: skip

MODEL_WORDS: dict[str, Any] = {
    "ICC(1,1)": _l("คะแนนของผู้ประเมินหนึ่งคน เมื่อแต่ละคนถูกประเมินโดยผู้ประเมินคนละชุด (one-way random)"),
    "ICC(2,1)": _l("คะแนนของผู้ประเมินหนึ่งคน เมื่อผู้ประเมินชุดเดียวกันให้คะแนนทุกคน และนับความเข้มงวดที่ต่างกันด้วย (two-way random, absolute agreement)"),
    "ICC(3,1)": _l("คะแนนของผู้ประเมินหนึ่งคน เมื่อสนใจเฉพาะผู้ประเมินชุดนี้ และดูเพียงการเรียงลำดับ (two-way mixed, consistency)"),
    "ICC(1,k)": _l("ค่าเฉลี่ยของผู้ประเมิน เมื่อแต่ละคนถูกประเมินโดยผู้ประเมินคนละชุด (one-way random)"),
    "ICC(2,k)": _l("ค่าเฉลี่ยของผู้ประเมิน เมื่อผู้ประเมินชุดเดียวกันให้คะแนนทุกคน และนับความเข้มงวดที่ต่างกันด้วย (two-way random, absolute agreement)"),
    "ICC(3,k)": _l("ค่าเฉลี่ยของผู้ประเมิน เมื่อสนใจเฉพาะผู้ประเมินชุดนี้ และดูเพียงการเรียงลำดับ (two-way mixed, consistency)"),
}  # fmt: skip

LEVELS: tuple[tuple[float, Any], ...] = (
    (0.5, _l("ต่ำ")), (0.75, _l("ปานกลาง")), (0.9, _l("ดี")), (float("inf"), _l("ดีมาก")),
)  # fmt: skip
"""Koo & Li (2016), Journal of Chiropractic Medicine 15, 155-163: below .5, .75, .9, and above."""

DECIDES = "ICC(2,k)"
"""The score is the mean of the members' marks, and their level counts: of the six this one speaks of the score itself."""


@dataclass(frozen=True, slots=True)
class Line:
    """One coefficient as it is shown."""

    model: str
    words: str
    value: str
    interval: str
    level: str
    decides: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """Agreement as a page shows it: everything in words, refusals as sentences."""

    figures: tuple[dict[str, str], ...]
    lines: tuple[Line, ...]
    refused: str
    warning: str
    reading: str
    picture: charts.Picture | None


def refusal_words(refused: Refusal) -> str:
    """Why a figure is not given, as a sentence in the reader's language."""
    return str(REFUSALS[refused.code]) % dict(refused.parameters)


def figure(value: float, decimals: int = 2) -> str:
    """A figure with its decimals, the minus as a minus and never before nought."""
    text = f"{value:.{decimals}f}"
    return text.replace("-", "\N{MINUS SIGN}") if float(text) else text.replace("-", "")


def shown(found: Reliability) -> Shown:
    """A table's agreement in the reader's language."""
    refused = refusal_words(found.correlations) if isinstance(found.correlations, Refusal) else ""
    lines = () if isinstance(found.correlations, Refusal) else tuple(_line(one, found) for one in found.correlations)
    warning = ""
    if lines and found.few:
        warning = _(
            "มีผู้ถูกประเมินเพียง %(people)s คน (น้อยกว่า %(enough)s คน) ช่วงความเชื่อมั่นจึงกว้าง อย่าสรุปจากค่าเดียว",
            people=found.people, enough=FEW_RATEES,
        )  # fmt: skip
    return Shown(_figures(found), lines, refused, warning, _reading(lines), severity_picture(found))


def _line(one: Correlation, found: Reliability) -> Line:
    low, high = one.low, one.high
    interval = "—" if low is None or high is None else _("%(low)s ถึง %(high)s", low=figure(low), high=figure(high))
    return Line(
        one.model.replace(",k", f",{len(found.assessors)}"), str(MODEL_WORDS[one.model]), figure(one.value), interval,
        level_words(one.value), one.model == DECIDES,
    )  # fmt: skip


def level_words(value: float) -> str:
    """How a coefficient is usually called."""
    return str(next(words for limit, words in LEVELS if value < limit))


def _reading(lines: tuple[Line, ...]) -> str:
    chosen = next((line for line in lines if line.decides), None)
    if chosen is None:
        return ""
    return _(
        "คะแนนที่ใช้คือค่าเฉลี่ยของกรรมการ ค่าที่พูดถึงคะแนนนั้นคือ %(model)s = %(value)s ซึ่งจัดว่า%(level)s ตามเกณฑ์ของ Koo และ Li (2016)",
        model=chosen.model, value=chosen.value, level=chosen.level,
    )  # fmt: skip


def _figures(found: Reliability) -> tuple[dict[str, str], ...]:
    share = found.within
    near = (
        {"value": "—", "unit": "", "note": refusal_words(share)}
        if isinstance(share, Refusal)
        else {
            "value": figure(100 * share, 1),
            "unit": _("ร้อยละ"),
            "note": _("ของคู่คะแนนที่ให้แก่คนเดียวกัน ตามหน่วยของคะแนนในหน้านี้"),
        }
    )
    order = found.concordance
    agreed = (
        {"value": "—", "note": refusal_words(order)}
        if isinstance(order, Refusal)
        else {"value": figure(order), "note": _("0 เรียงลำดับไม่ตรงกันเลย 1 ตรงกันทั้งหมด ปรับค่าคะแนนเท่ากันแล้ว")}
    )
    return (
        {"label": _("ผู้ถูกประเมิน"), "value": str(found.people), "unit": _("คน"),
         "note": _("ได้คะแนนครบทุกกรรมการ %(count)s คน", count=found.complete)},
        {"label": _("จำนวนผู้ประเมิน"), "value": str(len(found.assessors)), "unit": _("คน")},
        {"label": _("ต่างกันไม่เกินหนึ่งคะแนน")} | near,
        {"label": _("การเรียงลำดับตรงกัน (Kendall’s W)")} | agreed,
    )  # fmt: skip


def severity_words(one: Severity | None) -> str:
    """How far an assessor marks from the others, with its sign."""
    if one is None:
        return _("ไม่มีผู้ใดที่ประเมินร่วมกับคนอื่น")
    text = figure(one.difference)
    return text if one.difference < 0 or float(f"{one.difference:.2f}") == 0 else f"+{text}"


def severity_picture(found: Reliability) -> charts.Picture | None:
    """Each assessor against the others: below nought stricter, above milder; none where nobody can be compared."""
    pairs = [(name, one) for name, one in zip(found.assessors, found.severity, strict=True) if one is not None]
    if not pairs:
        return None
    pairs.sort(key=lambda pair: (pair[1].difference, pair[0]))
    strict, mild = pairs[0], pairs[-1]
    sentence = _(
        "คะแนนที่ต่างจากค่าเฉลี่ยของกรรมการคนอื่นในผู้ถูกประเมินคนเดียวกัน: %(strict)s ให้ต่ำที่สุด (%(low)s) %(mild)s ให้สูงที่สุด (%(high)s)",
        strict=strict[0], low=severity_words(strict[1]), mild=mild[0], high=severity_words(mild[1]),
    )  # fmt: skip
    bars = [charts.Bar(name, one.difference, severity_words(one), flag=str(one.people)) for name, one in pairs]
    return charts.deviations(
        bars, title=_("ความเข้มงวดของกรรมการแต่ละคน"), sentence=sentence, below=_("เข้มกว่า"), above=_("ผ่อนกว่า"),
        columns=(_("กรรมการ"), _("ต่างจากคนอื่น (คะแนน)"), _("ผู้ที่ประเมินร่วมกัน (คน)")),
    )  # fmt: skip


def confidence() -> str:
    """The width of the intervals, for headings."""
    return f"{100 * CONFIDENCE:.0f}"


assert set(MODEL_WORDS) == set(MODELS)
