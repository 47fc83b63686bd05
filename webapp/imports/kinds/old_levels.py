"""Levels from before the 2554 Act in a file of postings: ``ระดับ 7``, ``C7`` or ``7`` become a level of today.

By the commission's table (careers room). Where an old level leads to several types, the row's position type decides, or
the usual type of its post; the report says what was done, and the posting keeps the text of the file.
"""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from webapp.careers.models import LevelConversion, PositionLevel
from webapp.imports.known import Known
from webapp.language import language
from webapp.spreadsheets.reading import Table


def _l(text: str) -> str:
    """Marks a text for the English catalog; it is translated where it is shown."""
    return text


Options = dict[str, tuple[str, str]]
OLD_LEVEL = re.compile(r"(?:ระดับ|ซี|c)?\.?\s*(1[01]|[1-9])", re.IGNORECASE | re.ASCII)
CONVERTED = _l("เทียบระดับเดิม %(old)s เป็น %(level)s ตามตารางเทียบระดับ")
SEVERAL = _l("ระดับเดิม %(old)s ตรงกับหลายประเภทตำแหน่ง ระบุประเภทตำแหน่งด้วย")
NOT_OF_TYPE = _l("ระดับเดิม %(old)s ไม่มีในประเภทตำแหน่งนี้ตามตารางเทียบระดับ ตรวจประเภท หรือแก้ตาราง")


class OldLevels:
    """What the table of conversion makes of the level cells of a file: converted rows, and rows refused for it."""

    def __init__(self, known: Known, table: Table, posts: Mapping[str, tuple[Any, Any]]) -> None:
        self.converted: dict[int, tuple[str, str]] = {}
        self.refused: set[int] = set()
        self._texts: dict[int, str] = {}
        levels = table.columns.get("level") or []
        spoken = {typed: old for typed in set(levels) if (old := old_level(typed)) is not None}
        conversion = _conversion(known) if spoken else {}
        kinds, codes = table.columns.get("position_type"), table.column("post_code")
        for place, typed in enumerate(levels) if spoken else ():
            old = spoken.get(typed)
            if old in conversion:
                usual = posts.get(codes[place], (None, None))[0]
                self._texts[place] = typed
                self._convert(table, place, old, conversion[old], kinds[place] if kinds else None, usual)

    def _convert(
        self, table: Table, place: int, old: int, options: Options, kind: str | None, usual: str | None
    ) -> None:
        """``kind`` is the row's own position type, ``usual`` that of its post."""
        chosen = kind or (usual if usual in options else None) or (next(iter(options)) if len(options) == 1 else None)
        if chosen is None or chosen not in options:
            self.refused.add(place)
            name, message = ("position_type", SEVERAL) if chosen is None else ("level", NOT_OF_TYPE)
            table.reject(place, name, message, old=old)
            return
        level, shown = options[chosen]
        table.warn(place, "level", CONVERTED, old=old, level=shown)
        self.converted[place] = (chosen, level)

    def text(self, place: int, there: Mapping[str, Any] | None, kind: str | None, level: str | None) -> str:
        """The text to keep with a posting: the file's where it was converted, else what stands beside the same level."""
        if place in self.converted:
            return self._texts[place]
        same = there is not None and (there["position_type"], there["level"]) == (kind, level)
        return str(there["level_text"]) if there is not None and same else ""


def _conversion(known: Known) -> dict[int, Options]:
    """Old level → position type → (level, how it reads), by the commission's table."""
    found: dict[int, Options] = {}
    level = PositionLevel
    rows = known.session.execute(
        select(
            LevelConversion.old_level, LevelConversion.position_type, LevelConversion.level, level.name_th,
            level.name_en, level.type_name_th, level.type_name_en,
        )
        .join(level, (level.position_type == LevelConversion.position_type) & (level.level == LevelConversion.level))
        .where(LevelConversion.withdrawn_at.is_(None))
        .order_by(LevelConversion.old_level, LevelConversion.position_type)
    )  # fmt: skip
    for old, kind, code, name_th, name_en, type_th, type_en in rows:
        english = f"{type_en or type_th}, {(name_en or name_th).lower()}"
        found.setdefault(old, {})[kind] = (code, english if language() == "en" else f"{type_th} ระดับ{name_th}")
    return found


def old_level(typed: Any) -> int | None:
    """The old level a cell speaks of: ``ระดับ 7``, ``ซี 7``, ``C7`` and ``7`` are 7."""
    found = OLD_LEVEL.fullmatch(typed.strip()) if isinstance(typed, str) else None
    return int(found[1]) if found is not None else None
