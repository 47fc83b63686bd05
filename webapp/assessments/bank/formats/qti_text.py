"""The texts of a QTI item as the markup that questions may have; elements named alike in every version."""

import html
import re
from collections.abc import Callable
from xml.etree.ElementTree import Element

KEPT = {
    "p", "br", "strong", "b", "em", "i", "u", "sub", "sup", "ul", "ol", "li", "table", "caption", "thead", "tbody", "tr",
    "th", "td", "pre", "code", "blockquote", "div", "h1", "h2", "h3", "h4", "h5", "h6", "section",
}  # fmt: skip
LEFT_OUT = {"feedbackInline", "feedbackBlock", "modalFeedback", "stylesheet", "infoControl", "templateInline",
            "templateBlock", "script", "style"}  # fmt: skip
INTERACTIONS = {
    "choiceInteraction", "textEntryInteraction", "extendedTextInteraction", "matchInteraction", "orderInteraction",
    "inlineChoiceInteraction", "gapMatchInteraction", "hottextInteraction", "sliderInteraction", "associateInteraction",
    "graphicGapMatchInteraction", "graphicOrderInteraction", "graphicAssociateInteraction", "hotspotInteraction",
    "selectPointInteraction", "positionObjectInteraction", "uploadInteraction", "drawingInteraction", "mediaInteraction",
    "customInteraction", "portableCustomInteraction", "endAttemptInteraction",
}  # fmt: skip
EMPTY = {"br"}
INLINE = {"textEntryInteraction", "inlineChoiceInteraction"}
GAP = "_____"


def normalized(root: Element) -> Element:
    """The element with names as in QTI 2: no namespace, ``qti-simple-choice`` as ``simpleChoice``, attributes likewise."""
    for element in root.iter():
        if not isinstance(element.tag, str):
            element.tag = "comment"
            element.text = ""
            continue
        name = element.tag.rpartition("}")[2]
        element.tag = _camel(name.removeprefix("qti-")) if name.startswith("qti-") else name
        for key in list(element.attrib):
            plain = _camel(key.rpartition("}")[2])
            if plain != key:
                element.attrib[plain] = element.attrib.pop(key)
    return root


def _camel(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


class Body:
    """The body of an item; ``picture`` gives the source of a stored picture for an address, or None."""

    def __init__(self, item: Element, picture: Callable[[str], str | None]) -> None:
        self.item, self.picture = item, picture
        self.notes: list[str] = []
        self._interaction: Element | None = None

    def stem(self, interaction: Element) -> str:
        """The body with the prompt, without the interaction's own choices."""
        self._interaction = interaction
        body = self.item.find("itemBody")
        return "" if body is None else self.inner(body).strip()

    def inner(self, element: Element) -> str:
        """The markup within an element."""
        parts = [html.escape(element.text or "", quote=False)]
        for child in element:
            parts.append(self._one(child))
            parts.append(html.escape(child.tail or "", quote=False))
        return "".join(parts)

    def _one(self, element: Element) -> str:
        tag = element.tag
        if tag == "comment" or tag in LEFT_OUT:
            if tag in LEFT_OUT:
                self.notes.append("feedback-left-out")
            return ""
        if element is self._interaction:
            return self._around(element)
        if tag in ("img", "object"):
            return self._image(element)
        if tag == "rubricBlock" and "candidate" not in element.get("view", "candidate"):
            return ""
        if tag == "math":
            self.notes.append("math-as-text")
            return html.escape(" ".join("".join(element.itertext()).split()), quote=False)
        if tag == "gap":
            return f" [{self._gap(element)}] "
        inside = self.inner(element)
        if tag not in KEPT:
            return inside
        return f"<{tag}>" if tag in EMPTY else f"<{tag}>{inside}</{tag}>"

    def _around(self, element: Element) -> str:
        if element.tag in INLINE:
            return GAP
        prompt = element.find("prompt")
        words = "" if prompt is None else f"<p>{self.inner(prompt)}</p>"
        if element.tag in ("hottextInteraction", "gapMatchInteraction"):
            skipped = ("prompt", "gapText", "gapImg")
            words += "".join(self._one(child) for child in element if child.tag not in skipped)
        return words

    def _gap(self, gap: Element) -> int:
        gaps = [] if self._interaction is None else list(self._interaction.iter("gap"))
        return gaps.index(gap) + 1 if gap in gaps else 0

    def _image(self, element: Element) -> str:
        address = element.get("src") or element.get("data") or ""
        alt = element.get("alt") or " ".join("".join(element.itertext()).split())
        source = self.picture(re.sub(r"[?#].*$", "", address))
        if source is None:
            self.notes.append("picture-missing")
            return f"[{html.escape(alt)}]" if alt else ""
        return f'<img src="{source}" alt="{html.escape(alt)}">'
