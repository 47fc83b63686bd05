"""What a column may hold, and how its cells are read: text, codes, days, numbers, flags, choices.

A type reads a whole column at once; each different value is read once. A cell that cannot be read becomes a
:class:`Bad` with the reason, in Thai source text that is translated where it is shown.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from webapp.errors import BadInput
from webapp.thai import arabic_digits, buddhist_day, is_national_id, national_id_digits, normalized, parse_day

NOISE = Decimal("1e-9")
"""Differences below this are what a spreadsheet's own arithmetic leaves behind, not what somebody typed."""

Cell = Any
"""What a reader gives for one cell: str, float, bool, date, datetime, time, timedelta; '' for an empty one."""


@dataclass(frozen=True)
class Uncomputed:
    """A cell whose formula was written by a program and never worked out: it has no value, and is not empty."""

    address: str
    formula: str

    def __str__(self) -> str:
        return self.formula


def _l(text: str) -> str:
    """Marks a text for the English catalog; it is translated where it is shown."""
    return text


@dataclass(frozen=True)
class Bad:
    """A cell that cannot be read: why, with what fills the sentence in."""

    message: str
    values: Mapping[str, Any] = field(default_factory=dict)


UNCOMPUTED = _l("สูตรในเซลล์ %(cell)s ยังไม่มีค่า กรุณาเปิดไฟล์ในโปรแกรมตารางคำนวณแล้วบันทึกใหม่ หรือพิมพ์ค่าแทนสูตร")


class _Read(dict[Cell, Any]):
    """Every different cell read once."""

    def __init__(self, read_one: Callable[[Cell], Any]) -> None:
        super().__init__({"": None})
        self.read_one = read_one
        self.any_bad = False

    def __missing__(self, cell: Cell) -> Any:
        try:
            if isinstance(cell, Uncomputed):
                raise BadInput(UNCOMPUTED, cell=cell.address)
            value = self.read_one(cell)
        except BadInput as problem:
            value = Bad(problem.message, problem.values)
            self.any_bad = True
        self[cell] = value
        return value


class Type:
    """How the cells of one column are read."""

    def read_one(self, cell: Cell) -> Any:
        """The value of one cell that is not empty; raises :class:`BadInput`."""
        raise NotImplementedError

    def read(self, cells: Sequence[Cell], seen: "Seen | None" = None) -> list[Any]:
        """The values of a column: None for an empty cell, :class:`Bad` for one that cannot be read.

        ``seen`` lets columns of the same type share what was already read.
        """
        known = _Read(self.read_one) if seen is None else seen.setdefault(self, _Read(self.read_one))
        values = [known[cell] for cell in cells]
        if (True in known or False in known) and bool in set(map(type, cells)):
            # TRUE equals the number 1 as a dictionary key but is not the same cell.
            known.pop(True, None)
            known.pop(False, None)
            values = [self._alone(cell) if cell in (0, 1) else known[cell] for cell in cells]
            known.any_bad = True  # it may be: whoever asks looks at the values themselves
        return values

    def _alone(self, cell: Cell) -> Any:
        return _Read(self.read_one)[cell]


Seen = dict[Type, _Read]
"""What was read before, by type."""


def shown(cell: Cell) -> str:
    """A cell as a report shows it: numbers without a needless .0, days as ISO dates."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, (dt.date, dt.time)):
        return cell.isoformat()
    return "" if cell is None else str(cell)


@dataclass(frozen=True)
class Text(Type):
    """Free text in one spelling, at most ``longest`` letters."""

    longest: int = 500

    def read_one(self, cell: Cell) -> str | None:
        text = normalized(cell if isinstance(cell, str) else shown(cell))
        if len(text) > self.longest:
            raise BadInput(_l("ยาวเกิน %(longest)s ตัวอักษร"), longest=self.longest)
        return text or None


@dataclass(frozen=True)
class Code(Type):
    """A code or number by which something is known; a number that Excel kept as 12345.0 is 12345."""

    longest: int = 60
    lower: bool = False

    def read_one(self, cell: Cell) -> str | None:
        if isinstance(cell, (dt.date, dt.time, dt.timedelta)):
            raise BadInput(_l("ต้องเป็นรหัส แต่เซลล์เป็นวันที่หรือเวลา กรุณาจัดรูปแบบเซลล์เป็นข้อความ"))
        if type(cell) is str and cell.isascii() and cell.isalnum():
            text = cell
        else:
            text = arabic_digits(normalized(cell if isinstance(cell, str) else shown(cell)))
        if len(text) > self.longest:
            raise BadInput(_l("ยาวเกิน %(longest)s ตัวอักษร"), longest=self.longest)
        return (text.casefold() if self.lower else text) or None


@dataclass(frozen=True)
class Codes(Type):
    """Several codes in one cell, separated by semicolons; kept in order, each once."""

    def read_one(self, cell: Cell) -> tuple[str, ...] | None:
        code = Code()
        parts = str(cell if isinstance(cell, str) else shown(cell)).split(";")
        found = [one for part in parts if part.strip() and (one := code.read_one(part.strip()))]
        return tuple(dict.fromkeys(found)) or None


@dataclass(frozen=True)
class Day(Type):
    """A day: a real Excel date, or typed as Thai officials and ISO type it; Buddhist or Gregorian."""

    def read_one(self, cell: Cell) -> dt.date | None:
        if isinstance(cell, dt.date):
            # A Buddhist year typed into Excel's Gregorian calendar is a real date in the far future.
            return buddhist_day(cell.year, cell.month, cell.day)
        if not isinstance(cell, str):
            raise BadInput(_l("ต้องเป็นวันที่ เช่น 1/10/2569, 1 ต.ค. 2569 หรือ 2026-10-01"))
        return parse_day(cell) if normalized(cell) else None


_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*(?:น\.?)?")


@dataclass(frozen=True)
class Time(Type):
    """A time of day: 9:30, 09.30 น., or a real Excel time; of a full timestamp the time is taken."""

    def read_one(self, cell: Cell) -> dt.time | None:
        if isinstance(cell, dt.datetime):
            return cell.time().replace(microsecond=0)
        if isinstance(cell, dt.time):
            return cell.replace(microsecond=0)
        if isinstance(cell, dt.timedelta) and dt.timedelta() <= cell < dt.timedelta(days=1):
            return (dt.datetime(2000, 1, 1) + cell).time().replace(microsecond=0)
        if isinstance(cell, str):
            typed = arabic_digits(normalized(cell))
            if not typed:
                return None
            typed = re.sub(r"^\d{4}-\d{2}-\d{2}[T ]", "", typed)
            match = _TIME.fullmatch(typed)
            if match and int(match[1]) < 24 and int(match[2]) < 60 and int(match[3] or 0) < 60:
                return dt.time(int(match[1]), int(match[2]), int(match[3] or 0))
        raise BadInput(_l("ต้องเป็นเวลา เช่น 9:30"))


_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?|[+-]?\.\d+")


def _decimal(cell: Cell) -> Decimal | None:
    """The exact decimal that a cell shows; raises :class:`BadInput`."""
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return Decimal(repr(cell))
    if isinstance(cell, str):
        typed = arabic_digits(normalized(cell)).replace("−", "-")
        if not typed:
            return None
        if _NUMBER.fullmatch(typed) and len(typed) <= 40:
            return Decimal(typed.replace(",", ""))
    raise BadInput(_l("ต้องเป็นตัวเลข"))


@dataclass(frozen=True)
class Number(Type):
    """A number with at most ``decimals`` decimals between ``least`` and ``most``, both included."""

    decimals: int = 2
    least: Decimal | None = Decimal(0)
    most: Decimal | None = None

    def read_one(self, cell: Cell) -> Decimal | None:
        number = _decimal(cell)
        if number is None:
            return None
        if not number.is_finite() or abs(number) >= Decimal("1e15"):
            raise BadInput(_l("ต้องเป็นตัวเลข"))
        tidy = number.quantize(Decimal(1).scaleb(-self.decimals))
        if abs(tidy - number) >= NOISE:
            if self.decimals == 0:
                raise BadInput(_l("ต้องเป็นจำนวนเต็ม"))
            raise BadInput(_l("มีทศนิยมได้ไม่เกิน %(decimals)s ตำแหน่ง"), decimals=self.decimals)
        if self.least is not None and tidy < self.least:
            raise BadInput(_l("ต้องไม่ต่ำกว่า %(least)s"), least=self.least)
        if self.most is not None and tidy > self.most:
            raise BadInput(_l("ต้องไม่เกิน %(most)s"), most=self.most)
        return tidy


@dataclass(frozen=True)
class Whole(Type):
    """A whole number between ``least`` and ``most``, both included."""

    least: int | None = 0
    most: int | None = None

    def read_one(self, cell: Cell) -> int | None:
        number = Number(
            decimals=0,
            least=None if self.least is None else Decimal(self.least),
            most=None if self.most is None else Decimal(self.most),
        ).read_one(cell)
        return None if number is None else int(number)


_YES = {"1", "true", "yes", "y", "ใช่", "จริง", "มา", "✓", "1.0"}
_NO = {"0", "false", "no", "n", "ไม่ใช่", "เท็จ", "ไม่", "ไม่มา", "0.0"}


@dataclass(frozen=True)
class Flag(Type):
    """Yes or no: 1 or 0, TRUE or FALSE, ใช่ or ไม่ใช่."""

    def read_one(self, cell: Cell) -> bool | None:
        if isinstance(cell, bool):
            return cell
        word = arabic_digits(normalized(cell if isinstance(cell, str) else shown(cell))).casefold()
        if not word:
            return None
        if word in _YES:
            return True
        if word in _NO:
            return False
        raise BadInput(_l("ต้องเป็น 1 หรือ 0"))


def squeezed(text: str) -> str:
    """A heading or choice as it is compared: without case, spaces, dashes and underscores."""
    return re.sub(r"[\s_\-*:]+", "", normalized(text).casefold())


class Choice(Type):
    """One of the named values; its Thai label is accepted as well."""

    def __init__(self, choices: Mapping[str, str]) -> None:
        self.choices = dict(choices)
        self._known = {squeezed(label): value for value, label in self.choices.items()}
        self._known |= {squeezed(value): value for value in self.choices}

    def read_one(self, cell: Cell) -> str | None:
        text = cell if isinstance(cell, str) else shown(cell)
        if not normalized(text):
            return None
        value = self._known.get(squeezed(text))
        if value is None:
            raise BadInput(_l("ไม่รู้จักค่านี้ ใช้ได้: %(choices)s"), choices=", ".join(self.choices))
        return value


@dataclass(frozen=True)
class NationalId(Type):
    """A 13-digit national id with a right check digit; spaces and dashes are taken out."""

    def read_one(self, cell: Cell) -> str | None:
        digits = national_id_digits(normalized(cell if isinstance(cell, str) else shown(cell)))
        if not digits:
            return None
        if not is_national_id(digits):
            raise BadInput(_l("เลขประจำตัวประชาชนไม่ถูกต้อง ต้องมี 13 หลักและเลขตรวจสอบถูกต้อง"))
        return digits


_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")


@dataclass(frozen=True)
class Email(Type):
    """An e-mail address, kept in small letters."""

    def read_one(self, cell: Cell) -> str | None:
        text = normalized(cell if isinstance(cell, str) else shown(cell)).lower()
        if not text:
            return None
        if not _EMAIL.fullmatch(text) or len(text) > 200:
            raise BadInput(_l("ไม่ใช่ที่อยู่อีเมล"))
        return text
