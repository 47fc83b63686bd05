"""A QTI item as one of ours: which interaction it has, its texts and parts; its scoring by ``qti_fitting``."""

import html
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

from webapp.assessments.bank.document import MOST_PARTS, cleaned, exact
from webapp.assessments.bank.formats import localized
from webapp.assessments.bank.formats.qti_feedback import with_feedback
from webapp.assessments.bank.formats.qti_fitting import Fitting, NotOurs
from webapp.assessments.bank.formats.qti_processing import (
    TEMPLATES,
    Declaration,
    Processor,
    declaration,
    outcome_default,
)
from webapp.assessments.bank.formats.qti_text import INTERACTIONS, Body
from webapp.assessments.bank.formats.qti_values import Unsupported
from webapp.assessments.bank.richtext import says_something

Raw = dict[str, Any]
MOST_RULES = 1_500
"""Elements of a response processing; examples in the wild have up to some 200."""


class ItemReader:
    """One normalized assessment item."""

    def __init__(self, item: Element, body: Body) -> None:
        self.item, self.body = item, body
        if item.get("adaptive") in ("true", "1"):
            raise NotOurs("adaptive")
        if item.find("templateDeclaration") is not None:
            raise NotOurs("template-variables")
        self.interaction = self._interaction()

    def document(self) -> Raw:
        """The document whose marks are those of the file. Raises ``NotOurs``."""
        readers: dict[str, Callable[[], Raw]] = {
            "choiceInteraction": self.choices, "hottextInteraction": self.choices, "inlineChoiceInteraction": self.choices,
            "orderInteraction": self.order, "matchInteraction": self.pairs, "gapMatchInteraction": self.gaps,
            "associateInteraction": self.associations, "textEntryInteraction": self.entry,
            "extendedTextInteraction": self.extended, "sliderInteraction": self.slider,
        }  # fmt: skip
        if self.interaction.tag not in readers:
            raise NotOurs("interaction", found=self.interaction.tag)
        self.declared = self._declared()
        raw = readers[self.interaction.tag]()
        self._check_size(raw)
        title, stem = self.item.get("title", ""), self.body.stem(self.interaction)
        raw |= {"title_": title, "stem_": stem if says_something(stem) else html.escape(title or "?")}
        if raw["type"] == "essay":
            return self._essay(raw)
        if self.body.rubrics:
            self.body.notes.append("rubric-left-out")
        processor = self.processor()
        if processor is None:
            raise NotOurs("no-processing")
        fitting = Fitting(self.item, self.declared, processor, raw)
        document = fitting.document()
        return with_feedback(document, fitting, self.body)

    def _check_size(self, raw: Raw) -> None:
        """Items of a size that no paper shows are refused before they are tried out."""
        rules = self.item.find("responseProcessing")
        if rules is not None and sum(1 for _rule in rules.iter()) > MOST_RULES:
            raise NotOurs("processing", found=f"> {MOST_RULES}")
        sizes = {name: len(raw[name]) for name in ("choices", "sources", "targets", "entries") if name in raw}
        if self.declared.mapping is not None and "sources" not in raw:
            sizes["answers"] = len(self.declared.mapping.entries)
        for name, size in sizes.items():
            if size > MOST_PARTS:
                raise NotOurs("document:too-many", path=name, most=MOST_PARTS)

    def _interaction(self) -> Element:
        body = self.item.find("itemBody")
        found = [] if body is None else [e for e in body.iter() if e.tag in INTERACTIONS]
        if not found:
            raise NotOurs("no-interaction")
        if len(found) > 1:
            raise NotOurs("several-interactions", count=len(found))
        return found[0]

    def _declared(self) -> Declaration:
        wanted = self.interaction.get("responseIdentifier", "RESPONSE")
        try:
            for element in self.item.findall("responseDeclaration"):
                if element.get("identifier") == wanted:
                    return declaration(element)
        except Unsupported as error:
            raise NotOurs("processing", found=error.what) from None
        raise NotOurs("no-declaration", found=wanted)

    def processor(self) -> Processor | None:
        """The item's own processing; None where it has none."""
        processing = self.item.find("responseProcessing")
        if processing is None:
            return None
        address = processing.get("template") or processing.get("templateLocation") or ""
        name = address.rstrip("/").rsplit("/", 1)[-1].removesuffix(".xml")
        if not len(processing) and address and name not in TEMPLATES:
            raise NotOurs("processing", found=name or address)
        if not len(processing) and not address:
            return None
        declared = {element.get("identifier", ""): element for element in self.item.findall("outcomeDeclaration")}
        try:
            outcomes = {name: outcome_default(element) for name, element in declared.items()}
        except Unsupported as error:
            raise NotOurs("processing", found=error.what) from None
        template = "" if len(processing) else TEMPLATES[name]
        return Processor({self.declared.identifier: self.declared}, outcomes, list(processing), template, declared)

    def _essay(self, raw: Raw) -> Raw:
        """An essay with the points that the file states, what markers read, and no scoring of its own."""
        points = "1"
        for element in self.item.findall("outcomeDeclaration"):
            name, stated = element.get("identifier", ""), element.get("normalMaximum")
            text = stated if name == "SCORE" else element.findtext("defaultValue/value") if name == "MAXSCORE" else None
            try:
                points = str(exact(text)) if text and exact(text) > 0 else points
            except ValueError:
                continue
        return cleaned(localized({**raw, "points": points, "note_": "".join(self.body.rubrics)}))

    # by interaction

    def choices(self) -> Raw:
        tag = {"choiceInteraction": "simpleChoice", "hottextInteraction": "hottext"}.get(
            self.interaction.tag, "inlineChoice"
        )
        choices = [
            {"id": e.get("identifier", ""), "text_": self.body.inner(e), "fixed": e.get("fixed") == "true", "fraction": "0"}
            for e in self.interaction.iter(tag)
        ]  # fmt: skip
        several = self.declared.cardinality == "multiple"
        if self.declared.cardinality not in ("single", "multiple"):
            raise NotOurs("interaction", found=f"{self.interaction.tag} {self.declared.cardinality}")
        raw: Raw = {
            "type": "multiple" if several else "single", "choices": choices,
            "shuffle": self.interaction.get("shuffle", "false") == "true", "scoring": {},
        }  # fmt: skip
        if several:
            raw |= {
                "max_choices": self.interaction.get("maxChoices", "1" if tag != "inlineChoice" else "0"),
                "min_choices": self.interaction.get("minChoices", "0"),
            }
            raw |= {key: raw[key] if str(raw[key]).isdigit() else "0" for key in ("max_choices", "min_choices")}
        return raw

    def order(self) -> Raw:
        found = list(self.interaction.iter("simpleChoice"))
        entries = [{"id": e.get("identifier", ""), "text_": self.body.inner(e)} for e in found]
        correct = self.declared.correct
        if not isinstance(correct, list):
            raise NotOurs("no-correct-response")
        if sorted(correct) != sorted(entry["id"] for entry in entries):
            raise NotOurs("ordering-subset")
        return {"type": "ordering", "entries": entries, "order": correct, "scoring": {}}

    def pairs(self) -> Raw:
        sets = self.interaction.findall("simpleMatchSet")
        if len(sets) != 2 or self.declared.base != "directedPair":
            raise NotOurs("interaction", found=f"{self.interaction.tag} {self.declared.base}")
        sources, targets = ([self._end(e) for e in one.findall("simpleAssociableChoice")] for one in sets)
        if self.declared.cardinality == "single" and (len(sources) != 1 or sources[0]["max"] != 1):
            raise NotOurs("response-limit")
        return self._matching(sources, targets)

    def gaps(self) -> Raw:
        """Each word into a gap; a gap takes one."""
        if self.declared.base != "directedPair" or self.declared.cardinality == "single":
            raise NotOurs("interaction", found=f"{self.interaction.tag} {self.declared.base}")
        words = [self._end(e) for e in self.interaction.iter() if e.tag in ("gapText", "gapImg")]
        gaps = [
            {"id": e.get("identifier", ""), "text_": f"[{n}]", "max": 1}
            for n, e in enumerate(self.interaction.iter("gap"), 1)
        ]
        return self._matching(words, gaps)

    def associations(self) -> Raw:
        """Pairs within one list, each used once, as left and right: the first ends of the correct pairs stand left."""
        ends = {end["id"]: end for end in map(self._end, self.interaction.findall("simpleAssociableChoice"))}
        correct = self.declared.correct if isinstance(self.declared.correct, list) else []
        pairs = [str(pair).split() for pair in correct]
        used = [end for pair in pairs for end in pair]
        if self.declared.base != "pair" or not pairs or any(len(pair) != 2 for pair in pairs):
            raise NotOurs("interaction", found=f"{self.interaction.tag} {self.declared.base}")
        if len(set(used)) < len(used) or set(used) - set(ends) or any(end["max"] != 1 for end in ends.values()):
            raise NotOurs("response-limit")
        left = [pair[0] for pair in pairs]
        self.body.notes.append("associate-as-matching")
        return self._matching([ends[name] for name in left], [end for name, end in ends.items() if name not in left])

    def _matching(self, sources: list[Raw], targets: list[Raw]) -> Raw:
        limit = self.interaction.get("maxAssociations", "0")
        most = sum(source["max"] or len(targets) for source in sources)
        if limit.isdigit() and 0 < int(limit) < most and self.interaction.tag == "matchInteraction":
            self.body.notes.append("response-limit")
        return {
            "type": "matching", "sources": sources, "targets": targets, "scoring": {},
            "shuffle": self.interaction.get("shuffle", "false") == "true",
        }  # fmt: skip

    def _end(self, element: Element) -> Raw:
        most = element.get("matchMax", "1")
        return {
            "id": element.get("identifier", ""), "text_": self.body.inner(element), "fixed": element.get("fixed") == "true",
            "max": int(most) if most.isascii() and most.isdigit() and len(most) < 6 else 0,
        }  # fmt: skip

    def entry(self) -> Raw:
        if self.declared.cardinality != "single" or self.declared.base not in ("integer", "float", "string"):
            raise NotOurs(
                "interaction", found=f"{self.interaction.tag} {self.declared.cardinality} {self.declared.base}"
            )
        if self.declared.base == "string":
            return {"type": "text", "compare": "exact", "scoring": {}}
        return {"type": "numeric", "scoring": {}}

    def slider(self) -> Raw:
        self.body.notes.append("slider-as-number")
        return self.entry()

    def extended(self) -> Raw:
        if self.declared.cardinality != "single":
            raise NotOurs("interaction", found=f"{self.interaction.tag} {self.declared.cardinality}")
        keyed = self.declared.correct is not None or self.declared.mapping is not None
        if keyed and self.processor() is not None:
            return self.entry()
        if self.interaction.get("format", "plain") not in ("plain", "preFormatted", "preformatted", "xhtml"):
            raise NotOurs("interaction", found=f"{self.interaction.tag} {self.interaction.get('format')}")
        return {"type": "essay", "lines": self.interaction.get("expectedLines") or "15"}
