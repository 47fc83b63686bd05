"""The record as a document on A4, with the timeline of service and the radar of competencies."""

import re
from typing import Any

from flask_babel import gettext as _

from webapp import charts, thai
from webapp.documents import render
from webapp.exports.records.material import RecordMaterial
from webapp.exports.records.sections import Section, facts_of, is_figure, sections, shown, source_words
from webapp.language import language
from webapp.records import pictures
from webapp.records.record import Name

WORDS = re.compile(r"<text\b[^>]*>[^<]*</text>")
TEMPLATE = "exports/documents/record.typ"


def pdf(material: RecordMaterial) -> bytes:
    """The document's bytes."""
    return render(TEMPLATE, _data(material), dated=material.made_at)


def _data(material: RecordMaterial) -> dict[str, Any]:
    person, (length, head) = material.record.person, material.audit_head
    name = pictures.words(Name("", person.name_th, person.name_en))
    return {
        "language": language(),
        "title": name,
        "header": _("ประวัติการพัฒนา"),
        "footer": _("บันทึกการตรวจสอบ %(length)s: %(head)s · %(when)s", length=length, head=head[:16],
                    when=thai.moment(material.made_at)),
        "facts": [list(pair) for pair in facts_of(material)],
        "pictures": list(_pictures(material)),
        "sections": [_section(section) for section in sections(material)],
        "nothing": _("ยังไม่มี"),
    }  # fmt: skip


def _pictures(material: RecordMaterial) -> Any:
    service = pictures.service(material.record, material.today)
    post = material.post
    label = "" if post is None else pictures.words(Name(post.code, post.name_th, post.name_en))
    levels = pictures.competencies(
        material.record, [dict(row) for row in material.expected], dict(material.known), label, material.today
    )
    for key, picture in (("service", service), ("competencies", levels)):
        if picture is not None:
            yield {
                "title": picture.title,
                "sentence": picture.sentence,
                "whole": key == "service",
                **drawn(key, picture),
            }


def drawn(key: str, picture: charts.Picture) -> dict[str, Any]:
    """The drawing without its words, and the words with their places.

    typst's SVG reader gives Thai marks that stand over tall consonants no letter of their own, which PDF/A refuses
    (seen with typst 0.15: ฝ่าย, ยุทธ์); set by typst itself over the drawing, they are right and can be searched.
    """
    drawing = picture.wide
    return {
        "svg": WORDS.sub("", charts.document_svg(key, picture)), "width": drawing.width, "height": drawing.height,
        "words": [
            {"x": mark.x, "y": mark.y, "size": mark.size, "fill": mark.fill, "weight": mark.weight,
             "anchor": {"middle": 0.5, "end": 1}.get(mark.anchor, 0), "words": mark.words}
            for mark in drawing.marks if mark.tag == "text"
        ],
    }  # fmt: skip


def _section(section: Section) -> dict[str, Any]:
    """A table with its source as the last column, where there is any."""
    rows = [[shown(cell) for cell in row.cells] + [source_words(row.source)] for row in section.rows]
    sourced = any(row[-1] for row in rows)
    count = len(section.headings)
    return {
        "title": section.title, "chapter": section.key == "cohort", "lead": section.lead,
        "headings": [*section.headings, *([_("ที่มา")] if sourced else [])],
        "rows": rows if sourced else [row[:-1] for row in rows],
        "right": [column for column in range(count) if is_figure(section, column)],
        "widths": [2 if column in section.wide else 0 for column in range(count)] + ([-1] if sourced else []),
    }  # fmt: skip
