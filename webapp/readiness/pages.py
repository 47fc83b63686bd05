"""What all pages of the room share: the blueprint, and the sections of a post's eligibility and feasibility."""

from typing import Any

from flask import Blueprint, request
from flask_babel import lazy_gettext as _l

from webapp.accounts.access import may_open
from webapp.readiness import words

blueprint = Blueprint("readiness", __name__, template_folder="templates")

LIST = "readiness:post:list"
OWN = "readiness:own:view"
DRAFT = "careers:draft:view"

SECTIONS = (
    (_l("ใครเข้าเกณฑ์"), "readiness.post"),
    (_l("มีคนพอหรือไม่"), "readiness.feasibility"),
    (_l("ฉากทัศน์ที่บันทึกไว้"), "readiness.scenarios"),
)


@blueprint.context_processor
def _words_of_the_room() -> dict[str, Any]:
    return {"words": words, "post_sections": [(label, page) for label, page in SECTIONS if may_open(page)]}


def is_fragment() -> bool:
    """Whether another page asks for a part to show inside itself (htmx), not a person for a page."""
    return bool(request.headers.get("HX-Request"))
