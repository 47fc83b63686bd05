"""The shipped files as plain values: two names per thing, profiles put together with how each competency is measured."""

from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

COMPETENCY_FILES = ("core", "executive", "post_specific")
PROFILE_FILES = ("district-director", "assistant-district-director", "section-head")


def read(name: str) -> Any:
    """One shipped file, its short ``th``/``en`` written out as ``name_th``/``name_en``."""
    with (HERE / f"{name}.yaml").open("rb") as file:
        return _named(yaml.load(file, Loader=LOADER))


def _named(value: Any) -> Any:
    if isinstance(value, list):
        return [_named(item) for item in value]
    if isinstance(value, dict):
        return {{"th": "name_th", "en": "name_en"}.get(key, key): _named(item) for key, item in value.items()}
    return value


def units() -> list[dict[str, Any]]:
    """Districts in their order, bureaus, offices. The zone is kept by its Thai name, as staff write it."""
    document = read("units")
    zones = {zone["code"]: zone["name_th"] for zone in document["zones"]}
    found = []
    for kind, rows in (("district", "districts"), ("bureau", "bureaus"), ("office", "offices")):
        for row in document[rows]:
            zone = zones[row["zone"]] if "zone" in row else ""
            found.append({"code": row["code"], **names(row), "kind": kind, "zone": zone})
    return found


def names(row: dict[str, Any]) -> dict[str, str]:
    """Both names of a row."""
    return {"name_th": row["name_th"], "name_en": row["name_en"]}


def position_levels() -> list[dict[str, Any]]:
    """All levels of all types, lowest first."""
    rows = [(kind, level) for kind in read("organization")["position_types"] for level in kind["levels"]]
    return [
        {
            "position_type": kind["code"],
            "level": level["code"],
            **names(level),
            "type_name_th": kind["name_th"],
            "type_name_en": kind["name_en"],
            "position": place,
        }
        for place, (kind, level) in enumerate(rows, start=1)
    ]


def level_conversions() -> list[dict[str, Any]]:
    """What levels 1-11 from before the 2554 Act are called since, one row per old level and type."""
    return [
        {
            "old_level": old,
            "position_type": row["type"],
            "level": level,
            "reason": row["reason"],
            "ours": True,
        }
        for row in read("conversion")["conversion"]
        for level, olds in row["levels"].items()
        for old in olds
    ]


def competencies() -> list[dict[str, Any]]:
    """The fourteen competencies, in the order of the minutes."""
    found = []
    for name in COMPETENCY_FILES:
        document = read(f"competencies/{name}")
        for row in document["competencies"]:
            found.append(
                {
                    "code": row["code"],
                    **names(row),
                    "group": document["group"]["code"],
                    "definition_th": row["definition"]["name_th"],
                    "definition_en": row["definition"]["name_en"],
                    "levels": row["levels"],
                    "position": len(found) + 1,
                }
            )
    return found


def profiles() -> list[dict[str, Any]]:
    """Version 1 of the three profiles as documents (shape: ``webapp/careers/shipped/__init__.py``)."""
    group_of = {row["code"]: row["group"] for row in competencies()}
    measured = read("measurement")["default"]
    found = []
    for name in PROFILE_FILES:
        document = read(f"profiles/{name}")
        expected = document["competencies"]["expected_level"]
        document["competencies"] = [
            {"competency": code, "group": group_of[code], "expected_level": expected, "ours": True,
             **measured[group_of[code]]}
            for code in document["competencies"]["of"]
        ]  # fmt: skip
        document["shipped"] = True
        found.append({"post": document.pop("post"), "version": document.pop("version"), "document": document})
    return found
