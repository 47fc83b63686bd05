"""Feedback of a QTI item where ours has a place for it: by choice, for right, partly right and wrong answers, for all.

When each is shown is found out by carrying out the file's own processing; what depends on anything else is left out and
said so.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from webapp.assessments.bank.document import cleaned
from webapp.assessments.bank.formats import localized
from webapp.assessments.bank.formats.qti_fitting import Fitting
from webapp.assessments.bank.formats.qti_text import FEEDBACK, Body
from webapp.assessments.bank.formats.qti_values import written
from webapp.assessments.bank.richtext import says_something

Shown = tuple[bool, ...]
"""For each response tried, whether the feedback is shown."""


def with_feedback(document: dict[str, Any], fitting: Fitting, body: Body) -> dict[str, Any]:
    """The document with the item's feedback; marks stay as they are."""
    found = [(one, body.inner(one).strip()) for one in fitting.item.iter() if one.tag in FEEDBACK]
    found = [(one, text) for one, text in found if says_something(text)]
    if not found:
        return document
    texts: dict[str, list[str]] = {}
    for (element, text), shown in zip(found, _shown([one for one, _text in found], fitting), strict=True):
        places = _of_choices(shown, fitting) if element.tag == "feedbackInline" and any(shown) else []
        places = places or _places(shown, fitting)
        if not places:
            body.notes.append("feedback-left-out")
        for place in places:
            if text not in texts.setdefault(place, []):
                texts[place].append(text)
    raw = localized({name: _joined(rows) for name, rows in texts.items()})
    language = "th" if any(name.endswith("_th") for name in raw) else "en"
    result = {**document}
    for name in ("feedback", "feedback_correct", "feedback_partial", "feedback_incorrect"):
        result[f"{name}_{language}"] = raw.get(f"{name}_{language}", "")
    if "choices" in document:
        result["choices"] = [
            {**row, f"feedback_{language}": raw.get(f"choice {row['id']}_{language}", "")}
            for row in document["choices"]
        ]
    return cleaned(result)


def _joined(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else "".join(f"<p>{text}</p>" for text in texts)


def _shown(elements: Sequence[Element], fitting: Fitting) -> Iterator[Shown]:
    """When each is shown over the responses tried."""
    outcomes = []
    for _ours, value in fitting.trials:
        fitting.points(value)
        outcomes.append(dict(fitting.processor.values))
    for element in elements:
        name, wanted = element.get("outcomeIdentifier", ""), element.get("identifier", "")
        hides = element.get("showHide", "show") == "hide"
        yield tuple(_holds(values.get(name), wanted) != hides for values in outcomes)


def _holds(value: Any, wanted: str) -> bool:
    return wanted in [written(one) for one in (value if isinstance(value, list) else [value]) if one is not None]


def _places(shown: Shown, fitting: Fitting) -> list[str]:
    """Where ours shows a feedback that is shown for these responses; nowhere where no place says the same."""
    trials, best = fitting.trials, fitting.best
    if not any(shown):
        return []
    if all(shown):
        return ["feedback_"]
    tests: dict[str, Callable[[int], bool]] = {
        "feedback_correct_": lambda n: fitting.theirs[n] == best,
        "feedback_partial_": lambda n: 0 < fitting.theirs[n] < best,
        "feedback_incorrect_": lambda n: fitting.theirs[n] <= 0,
    }
    fits = {name: [n for n in range(len(trials)) if test(n)] for name, test in tests.items()}
    places = [name for name, places in fits.items() if places and all(shown[n] for n in places)]
    covered = {n for name in places for n in fits[name]}
    if places and covered == {n for n, one in enumerate(shown) if one}:
        return places
    return _of_choices(shown, fitting)


def _of_choices(shown: Shown, fitting: Fitting) -> list[str]:
    """The choices with each of which the feedback is shown, where it depends on nothing else."""
    names = [row["id"] for row in fitting.raw.get("choices", ())]
    if fitting.kind == "single":
        return [f"choice {name}_" for name, one in zip(names, shown, strict=True) if one]
    chosen = [set(ours.get("choices", ())) for ours, _value in fitting.trials]
    return [
        f"choice {name}_"
        for name in names
        if all((name in one) == seen for one, seen in zip(chosen, shown, strict=True))
    ]
