"""Before and after, side by side, as rows to read. Pure."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Difference:
    """One field: ``kind`` is ``added``, ``removed``, ``changed`` or ``same``."""

    field: str
    before: Any
    after: Any
    kind: str


def differences(values: dict[str, Any]) -> list[Difference]:
    """Every field of an entry, the changed ones first; nested documents are flattened to ``outer.inner``."""
    before, after = flattened(values.get("before") or {}), flattened(values.get("after") or {})
    rows = [_difference(name, before, after) for name in {**before, **after}]
    return sorted(rows, key=lambda row: row.kind == "same")


def _difference(name: str, before: dict[str, Any], after: dict[str, Any]) -> Difference:
    if name not in before:
        kind = "added"
    elif name not in after:
        # An act that only says what it took away (a deletion) has nothing after; one that says both has removed it.
        kind = "removed"
    else:
        kind = "same" if before[name] == after[name] else "changed"
    return Difference(name, before.get(name), after.get(name), kind)


def flattened(document: dict[str, Any], outer: str = "") -> dict[str, Any]:
    """``{"a": {"b": 1}}`` as ``{"a.b": 1}``; lists stay whole."""
    flat: dict[str, Any] = {}
    for name, value in document.items():
        full = f"{outer}{name}"
        if isinstance(value, dict) and value:
            flat.update(flattened(value, f"{full}."))
        else:
            flat[full] = value
    return flat
