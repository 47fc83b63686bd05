"""The texts of a QTI item as the markup that questions may have; elements named alike in every version."""

import html
import re
from collections.abc import Callable
from xml.etree.ElementTree import Element

KEPT = {
    "p", "br", "strong", "b", "em", "i", "u", "sub", "sup", "ul", "ol", "li", "table", "caption", "thead", "tbody", "tr",
    "th", "td", "pre", "code", "blockquote", "div", "h1", "h2", "h3", "h4", "h5", "h6", "section",
}  # fmt: skip
FEEDBACK = {"feedbackInline", "feedbackBlock", "modalFeedback"}
LEFT_OUT = {"stylesheet", "infoControl", "templateInline", "templateBlock", "script", "style", "endAttemptInteraction",
            "printedVariable", "catalogInfo"}  # fmt: skip
MEDIA = {"audio", "video", "mediaInteraction", "iframe", "svg", "include", "portableCustomInteraction"}
INTERACTIONS = {
    "choiceInteraction", "textEntryInteraction", "extendedTextInteraction", "matchInteraction", "orderInteraction",
    "inlineChoiceInteraction", "gapMatchInteraction", "hottextInteraction", "sliderInteraction", "associateInteraction",
    "graphicGapMatchInteraction", "graphicOrderInteraction", "graphicAssociateInteraction", "hotspotInteraction",
    "selectPointInteraction", "positionObjectInteraction", "uploadInteraction", "drawingInteraction",
    "customInteraction", "portableCustomInteraction",
}  # fmt: skip
EMPTY = {"br"}
INLINE = {"textEntryInteraction", "inlineChoiceInteraction"}
GAP = "_____"
_SCRIPTS = {"msup": "sup", "msub": "sub"}


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
    """The body of an item or of a stimulus.

    ``picture`` gives the source of a stored picture for an address, empty for one that questions may not show, None where
    the package does not have it. ``document`` gives the markup of a page of the package.
    """

    def __init__(
        self, item: Element, picture: Callable[[str], str | None], document: Callable[[str], str | None]
    ) -> None:
        self.item, self.picture, self.document = item, picture, document
        self.notes: list[str] = []
        self.rubrics: list[str] = []
        self.before = ""
        self._interaction: Element | None = None

    def stem(self, interaction: Element) -> str:
        """The body with the prompt, without the interaction's own choices; what the item refers to stands before it."""
        self._interaction = interaction
        body = self.item.find("itemBody")
        return self.before + ("" if body is None else self.inner(body).strip())

    def inner(self, element: Element) -> str:
        """The markup within an element."""
        parts = [html.escape(element.text or "", quote=False)]
        for child in element:
            parts.append(self._one(child))
            parts.append(html.escape(child.tail or "", quote=False))
        return "".join(parts)

    def _one(self, element: Element) -> str:
        tag = element.tag
        if element is self._interaction:
            return self._around(element)
        if tag in ("comment", *FEEDBACK, *LEFT_OUT):
            return ""
        if tag in ("img", "object"):
            return self._image(element)
        if tag in MEDIA:
            self.notes.append("links-left-out")
            return ""
        if tag == "rubricBlock" and "candidate" not in element.get("view", "candidate").split():
            self.rubrics.append(self.inner(element))
            return ""
        if tag == "math":
            self.notes.append("math-as-text")
            return _formula(element)
        if tag == "gap":
            return f" [{self._gap(element)}] "
        inside = self.inner(element)
        if tag == "q":
            return f"“{inside}”"
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
        """A picture; where it is not to be had, what stands inside the element in its place, or its description."""
        address = re.sub(r"[?#].*$", "", element.get("src") or element.get("data") or "")
        alt = element.get("alt") or " ".join("".join(element.itertext()).split())
        if element.get("type", "").startswith("text/html"):
            page = self.document(address)
            if page is None:
                self.notes.append("links-left-out")
            return page if page is not None else self.inner(element)
        source = self.picture(address)
        if source:
            return f'<img src="{source}" alt="{html.escape(alt)}">'
        if len(element):
            return self.inner(element)
        self.notes.append("picture-missing" if source is None else "picture-refused")
        return f"[{html.escape(alt)}]" if alt else ""


def _formula(element: Element) -> str:
    """A formula as words on one line: powers and indices stay raised and lowered, fractions get a stroke."""
    if element.tag in ("annotation", "annotationXml", "annotation-xml"):
        return ""
    parts = [_formula(child) for child in element]
    if element.tag in _SCRIPTS and len(parts) == 2:
        tag = _SCRIPTS[element.tag]
        return f"{parts[0]}<{tag}>{parts[1]}</{tag}>"
    if element.tag == "mfrac" and len(parts) == 2:
        return f"({parts[0]})/({parts[1]})"
    if element.tag == "msqrt":
        return f"√({''.join(parts)})"
    words = html.escape((element.text or "").strip(), quote=False)
    space = " " if element.tag in ("math", "semantics", "mtr", "mtd") else ""
    return words + space.join(part for part in parts if part)
