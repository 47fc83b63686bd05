"""Values of QTI variables: null, text, exact numbers, truth values, and containers of those."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from webapp.assessments.bank.document import exact

Value = Any
"""None (null), text, Fraction, bool, or a list of those (multiple, ordered)."""


class Unsupported(Exception):
    """The processing uses something that is not carried out here."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def number(text: str) -> Fraction:
    """A number of the file. Raises ``Unsupported`` where it is none."""
    try:
        return exact(text)
    except ValueError:
        raise Unsupported(f"number {text[:30]!r}") from None


def whole(text: str | None, default: int) -> int:
    """A whole number of the file; a variable's name in its place is not carried out."""
    if text is None:
        return default
    try:
        return int(text)
    except ValueError:
        raise Unsupported(text[:30]) from None


def read_value(texts: Sequence[str], cardinality: str, base: str) -> Value:
    """Values as written in the file, in their base type."""
    values = [typed(text, base) for text in texts]
    if cardinality == "single":
        return values[0] if values else None
    return values or None


def typed(text: str, base: str) -> Value:
    """One value as written, in its base type; what an empty element holds is null."""
    if base in ("float", "integer"):
        return number(text.strip())
    if base == "boolean":
        return text.strip() in ("true", "1")
    return (text.strip() if base == "string" else " ".join(text.split())) or None


def written(value: Value) -> str:
    """The value as a mapping's key would name it."""
    if isinstance(value, Fraction):
        return str(value.numerator) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def as_null(value: Value) -> Value:
    return None if value == "" or value == [] else value


def alike(name: str, key: str, base: str) -> bool:
    """Whether a key names the value: pairs either way round, numbers by what they are worth."""
    if name == key:
        return True
    if base == "pair":
        return sorted(name.split()) == sorted(key.split())
    if base not in ("float", "integer"):
        return False
    try:
        return exact(name) == exact(key)
    except ValueError:
        return False


def same(one: Value, other: Value, cardinality: str = "", base: str = "") -> bool:
    """Whether two values match: containers of the same values, in order only where they are ordered."""
    if one is None or other is None:
        return False
    if base == "pair":
        one, other = (_unordered(x) for x in (one, other))
    if isinstance(one, list) and isinstance(other, list):
        if cardinality == "ordered":
            return one == other
        return sorted(map(written, one)) == sorted(map(written, other))
    return bool(one == other)


def _unordered(value: Value) -> Value:
    if isinstance(value, list):
        return [_unordered(one) for one in value]
    return " ".join(sorted(str(value).split()))
