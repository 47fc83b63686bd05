"""How the forecast reads: fiscal years, sources of the chain, what feeds a post, and the definitions shown beside figures."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp import thai
from webapp.careers.criteria.tree import Match, Node
from webapp.careers.words import UNIT_KINDS
from webapp.careers.words import in_language as named
from webapp.workforce.chain.rules import OTHER, Because
from webapp.workforce.outlook import Watched

Names = Mapping[str, Mapping[str, str]]
Levels = Mapping[tuple[str | None, str | None], Mapping[str, str]]

HORIZONS = {"short": _l("ระยะสั้น (ปีงบประมาณนี้และปีถัดไป)"), "long": _l("ระยะยาว (5 ปีงบประมาณ)")}
HORIZONS_SHORT = {"short": _l("ระยะสั้น"), "long": _l("ระยะยาว")}
PLAN_STATES = {
    "draft": (_l("ร่าง"), "wait"),
    "adopted": (_l("เห็นชอบแล้ว"), "good"),
    "superseded": (_l("มีฉบับใหม่แทนแล้ว"), "off"),
    "discarded": (_l("ยกเลิกร่างแล้ว"), "off"),
}
TALENT_STATES = {
    "nominated": (_l("รอพิจารณา"), "wait"),
    "member": (_l("อยู่ในกลุ่ม"), "good"),
    "declined": (_l("ไม่รับเข้ากลุ่ม"), "off"),
    "left": (_l("ออกจากกลุ่มแล้ว"), "off"),
}
TALENT_STEPS = {
    "nominated": _l("เสนอชื่อ"),
    "accepted": _l("รับเข้ากลุ่ม"),
    "declined": _l("ไม่รับเข้ากลุ่ม"),
    "kept": _l("ทบทวนแล้วให้อยู่ต่อ"),
    "left": _l("ออกจากกลุ่ม"),
}
READY_IN = (_l("พร้อมแล้ว"), _l("พร้อมใน 1 ปี"), _l("พร้อมใน 2 ปี"), _l("พร้อมใน 3 ปี"))

NOT_FORECAST = _l(
    "พยากรณ์จากการเกษียณอายุเท่านั้น ไม่ได้พยากรณ์การโอน การลาออก และการรับราชการต่อหลังอายุ 60 ปี "
    "จำนวนอัตราเป็นข้อกำหนดของผู้จัดทำ มิได้มาจากรายงานการประชุม และแก้ไขได้ในระบบ"
)
GAP_RULE = _l("ช่องว่าง คือ อัตราว่างสะสมถึงสิ้นปีนั้น ลบผู้ที่เข้าเกณฑ์ครบแล้ววันนี้และยังรับราชการอยู่หลังสิ้นปี (ไม่ต่ำกว่าศูนย์)")
BENCH_RULE = _l(
    "พร้อมแล้ว คือ เข้าเกณฑ์ครบทุกข้อในวันที่ของข้อมูล พร้อมใน 1 2 3 ปี คือ ยังไม่พร้อม แต่เมื่อเวลาผ่านไปเท่านั้นจะเข้าเกณฑ์ทุกข้อ "
    "ยกเว้นหลักสูตรและการประเมินสมรรถนะซึ่งแผนจัดให้ได้ นับเฉพาะผู้ที่ยังรับราชการหลังวันที่ 30 กันยายนของปีนั้น"
)


def fiscal(year: int) -> str:
    """A fiscal year as the reader counts it: 2569 in Thai, 2026 in English."""
    return thai.year(year - thai.BUDDHIST_OFFSET)


def source_name(key: str, posts: Names, levels: Levels) -> str:
    """A source of the chain in words."""
    kind, _colon, code = key.partition(":")
    if kind == "post":
        return named(posts[code]) if code in posts else code
    if kind == "level":
        position_type, _slash, level = code.partition("/")
        found = levels.get((position_type, level or None))
        return _("ประเภท%(level)s", level=named(found)) if found else code
    return _("ตำแหน่งอื่นที่เกณฑ์และเส้นทางไม่ได้ระบุ") if key == OTHER else key


def match_name(match: Match, posts: Names, levels: Levels) -> str:
    """A posting that feeds a post, in words."""
    parts = []
    if match.post:
        parts.append(named(posts[match.post]) if match.post in posts else match.post)
    if match.position_type and not match.post:
        found = levels.get((match.position_type, match.level))
        parts.append(_("ประเภท%(level)s", level=named(found)) if found else match.position_type)
    if match.unit_kind and not match.post:
        parts.append(str(UNIT_KINDS.get(match.unit_kind, match.unit_kind)))
    return " · ".join(parts)


def feeding(watched: Watched, posts: Names, levels: Levels) -> dict[str, list[str]]:
    """What feeds a post and why, in words; feeders that read alike are one line."""
    tree = None if watched.rule is None else watched.rule.tree
    found: dict[str, list[str]] = {}
    for feeder in watched.feeders:
        said = found.setdefault(match_name(feeder.match, posts, levels), [])
        said += [name for name in (because_name(one, tree) for one in feeder.because) if name not in said]
    return found


def because_name(because: Because, tree: Node | None) -> str:
    """Why a posting feeds a post: the criterion's words, or the path's code."""
    if because.kind == "path":
        return _("เส้นทาง %(code)s", code=because.code)
    node = tree.find(because.code) if tree is not None else None
    return in_language_of(node.texts) if node is not None and node.texts.get("name_th") else because.code


def in_language_of(texts: Mapping[str, Any]) -> str:
    """A criterion's name in the reader's language."""
    return named({"name_th": str(texts.get("name_th") or ""), "name_en": str(texts.get("name_en") or "")})
