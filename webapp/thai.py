"""How dates, digits, names and numbers are shown, typed and ordered (``domain.md`` §8).

Buddhist-era years in Thai, Gregorian in English; a typed year above 2400 is Buddhist era; Thai digits are accepted;
names sort by the Thai alphabet. Nothing here needs Flask except to find out the reader's language, when none is given.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from webapp.errors import BadInput

BANGKOK = ZoneInfo("Asia/Bangkok")
"""The time zone of everything shown."""

BUDDHIST_OFFSET = 543
"""Years between the Gregorian and the Buddhist era as counted in Thailand since 2484 (1941)."""

LAST_GREGORIAN_YEAR = 2400
"""A typed year above this one is Buddhist era (``domain.md`` §8)."""

MONTHS = (
    ("มกราคม", "ม.ค.", "January", "Jan"),
    ("กุมภาพันธ์", "ก.พ.", "February", "Feb"),
    ("มีนาคม", "มี.ค.", "March", "Mar"),
    ("เมษายน", "เม.ย.", "April", "Apr"),
    ("พฤษภาคม", "พ.ค.", "May", "May"),
    ("มิถุนายน", "มิ.ย.", "June", "Jun"),
    ("กรกฎาคม", "ก.ค.", "July", "Jul"),
    ("สิงหาคม", "ส.ค.", "August", "Aug"),
    ("กันยายน", "ก.ย.", "September", "Sep"),
    ("ตุลาคม", "ต.ค.", "October", "Oct"),
    ("พฤศจิกายน", "พ.ย.", "November", "Nov"),
    ("ธันวาคม", "ธ.ค.", "December", "Dec"),
)

_TO_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_TO_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def _l(text: str) -> str:
    """Marks a text for the English catalog; it is translated where it is shown."""
    return text


class UnreadableDay(BadInput):
    """What was typed is not a day; the message says what would be."""


# --- digits and text -------------------------------------------------------------------------------------------------


def arabic_digits(text: str) -> str:
    """The same text with ๐-๙ as 0-9."""
    return text.translate(_TO_ARABIC)


def thai_digits(value: object) -> str:
    """The same text with 0-9 as ๐-๙, for official Thai documents."""
    return str(value).translate(_TO_THAI)


_INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF])
_SPACES = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SARA_AM_SPLIT = re.compile("ํ([่้๊๋]?)า|([่้๊๋])ํา")
_TONE_BEFORE_VOWEL = re.compile("([่้๊๋]+)([ัิีึืฺุูํ็]+)")
_UNTIDY = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\u00a0\x00-\x1f\x7f]|ํ|เเ|[่้๊๋][ัิีึืฺุูํ็]|  |^ | $")


def normalized(text: str) -> str:
    """One spelling for what looks the same: NFC, นํ้า as น้ำ, เเ as แ, no invisible letters, single spaces, trimmed."""
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        if not _UNTIDY.search(text):
            return text.strip()
    else:
        text = unicodedata.normalize("NFC", text)
    text = _SPACES.sub(" ", _CONTROL.sub("", text.translate(_INVISIBLE))).strip()
    before = None
    while text != before:
        before = text
        text = _SARA_AM_SPLIT.sub(lambda m: (m.group(1) or m.group(2) or "") + "ำ", text)
        text = _TONE_BEFORE_VOWEL.sub(r"\2\1", text).replace("เเ", "แ")
    return text


_LEADING_VOWEL = re.compile("([เแโใไ])([ก-ฮ])")
_THAI_LETTERS = "กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรฤลฦวศษสหฬอฮ" + "ฯะัาำิีึืฺุูเแโใไๅๆํ๎"
_SECONDARY_MARKS = "็่้๊๋์"
_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"


def _pair(number: int) -> str:
    return _BASE36[number // 36] + _BASE36[number % 36]


_PRIMARY = {
    letter: _pair(place)
    for place, letter in enumerate(" 0123456789" + "abcdefghijklmnopqrstuvwxyz" + _THAI_LETTERS, start=1)
}
_OTHER = _pair(35 * 36 + 35)
_SECONDARY = {mark: _pair(place) for place, mark in enumerate(_SECONDARY_MARKS, start=1)}


def sort_key(text: str) -> str:
    """A text whose plain byte order is the order of the Thai dictionary, on any database and collation.

    A leading vowel is read after its consonant; tone marks, ไม้ไต่คู้ and การันต์ decide only between words that are
    otherwise alike (Royal Institute Dictionary order). The key holds digits and small Latin letters only.
    """
    text = _LEADING_VOWEL.sub(r"\2\1", arabic_digits(normalized(text)).casefold())
    primary: list[str] = []
    marks: list[str] = []
    for letter in text:
        mark = _SECONDARY.get(letter)
        if mark is None:
            primary.append(_PRIMARY.get(letter, _OTHER if letter.isalnum() else ""))
        else:
            # The earlier a mark stands, the more it weighs; a word without marks comes before the one with.
            marks.append(_pair(1295 - len(primary) % 1296) + mark)
    return "".join(primary) + "00" + "".join(marks)


# --- national id -----------------------------------------------------------------------------------------------------


def national_id_digits(text: str) -> str:
    """The 13 digits of what was typed, without spaces and dashes, Thai digits read."""
    return re.sub(r"[\s-]", "", arabic_digits(text))


def is_national_id(digits: str) -> bool:
    """Whether these are 13 digits with a right check digit (weights 13 down to 2, modulo 11)."""
    if len(digits) != 13 or not digits.isascii() or not digits.isdigit():
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(13, 1, -1), strict=False))
    return (11 - total % 11) % 10 == int(digits[12])


def masked_national_id(digits: str | None) -> str:
    """A national id as screens show it: the last three digits, the rest hidden."""
    if not digits:
        return ""
    return f"x-xxxx-xxxxx-{digits[-3:-1]}-{digits[-1]}"


# --- days typed ------------------------------------------------------------------------------------------------------

_ISO = re.compile(r"(\d{1,4})-(\d{1,2})-(\d{1,2})(?:[T ]0{1,2}:00(?::00(?:\.0+)?)?)?")
_NUMBERS = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d+)")
_WORDS = re.compile(
    r"(?:วัน\S*\s+)?(?:ที่\s*)?(\d{1,2})\s*(?:เดือน\s*)?([^\d\s]+)\s*,?\s*(พ\.?\s?ศ\.?|ค\.?\s?ศ\.?|B\.?E\.?|A\.?D\.?)?\s*(\d+)",
    re.IGNORECASE,
)
_MONTH_NUMBER = {
    name.replace(".", "").casefold(): number for number, names in enumerate(MONTHS, start=1) for name in names
} | {"sept": 9}
_ERA_GLUED = re.compile(r"(พ\.?ศ\.?|ค\.?ศ\.?)$")


def gregorian_year(year: int) -> int:
    """The Gregorian year of a typed one: above 2400 it is Buddhist era."""
    return year - BUDDHIST_OFFSET if year > LAST_GREGORIAN_YEAR else year


def parse_day(text: str) -> dt.date:
    """The day that was typed: 2026-10-01, 1/10/2569, 1 ต.ค. 2569, 1 ตุลาคม พ.ศ. 2569, ๑ ต.ค. ๒๕๖๙, 1 Oct 2026.

    Day before month. The year is converted before the day is checked, so 29/02/2567 is valid.
    Raises :class:`UnreadableDay` with a sentence that says what is wrong.
    """
    typed = arabic_digits(normalized(text))
    if match := _ISO.fullmatch(typed):
        year, month, day = match.groups()
        return _checked_day(day, month, year)
    if match := _NUMBERS.fullmatch(typed):
        day, month, year = match.groups()
        return _checked_day(day, month, year)
    if match := _WORDS.fullmatch(typed):
        day, name, era, year = match.groups()
        glued = _ERA_GLUED.search(name)
        if glued and name.replace(".", "").casefold() not in _MONTH_NUMBER:
            name, era = name[: glued.start()], glued.group(1)
        number = _MONTH_NUMBER.get(name.replace(".", "").casefold())
        if number is None:
            raise UnreadableDay(_l("ไม่รู้จักชื่อเดือน “%(month)s”"), month=name)
        return _checked_day(day, str(number), year, era)
    raise UnreadableDay(_l("อ่านเป็นวันที่ไม่ได้ พิมพ์เช่น 1/10/2569, 1 ต.ค. 2569 หรือ 2026-10-01"))


def _checked_day(day: str, month: str, year: str, era: str | None = None) -> dt.date:
    if len(year) != 4:
        raise UnreadableDay(_l("ปีต้องมีสี่หลัก เช่น 2569 หรือ 2026"))
    number = int(year)
    if era:
        buddhist = era[0] in "พBb"
        if buddhist != (number > LAST_GREGORIAN_YEAR):
            raise UnreadableDay(_l("ปีไม่ตรงกับศักราชที่ระบุ"))
    return buddhist_day(number, int(month), int(day))


def buddhist_day(year: int, month: int, day: int) -> dt.date:
    """The day of a year in either era. Raises :class:`UnreadableDay` where the calendar has no such day."""
    try:
        return dt.date(gregorian_year(year), month, day)
    except ValueError:
        raise UnreadableDay(_l("ไม่มีวันนี้ในปฏิทิน")) from None


def fiscal_year(day: dt.date) -> int:
    """The Thai fiscal year in the Buddhist era: 1 October 2568 to 30 September 2569 is 2569."""
    return day.year + BUDDHIST_OFFSET + (1 if day.month >= 10 else 0)


def fiscal_year_days(year: int) -> tuple[dt.date, dt.date]:
    """First and last day of a fiscal year given in the Buddhist era."""
    last = year - BUDDHIST_OFFSET
    return dt.date(last - 1, 10, 1), dt.date(last, 9, 30)


# --- shown -----------------------------------------------------------------------------------------------------------


def _reader_language() -> str:
    """The language of the page being written; Thai where there is none."""
    from flask_babel import get_locale

    locale = get_locale()
    return locale.language if locale is not None else "th"


def _named_day(value: dt.date, language: str | None, thai: int, english: int) -> str:
    if isinstance(value, dt.datetime):
        value = value.astimezone(BANGKOK).date() if value.tzinfo else value.date()
    if (language or _reader_language()) == "th":
        return f"{value.day} {MONTHS[value.month - 1][thai]} {value.year + BUDDHIST_OFFSET}"
    return f"{value.day} {MONTHS[value.month - 1][english]} {value.year}"


def day(value: dt.date | None, language: str | None = None) -> str:
    """1 ต.ค. 2569 in Thai, 1 Oct 2026 in English; empty for none."""
    return "" if value is None else _named_day(value, language, 1, 3)


def day_long(value: dt.date | None, language: str | None = None) -> str:
    """1 ตุลาคม 2569 in Thai, 1 October 2026 in English; empty for none."""
    return "" if value is None else _named_day(value, language, 0, 2)


def day_typed(value: dt.date | None, language: str | None = None) -> str:
    """The day as a form shows it back for editing: 1/10/2569 in Thai, 1/10/2026 in English."""
    if value is None:
        return ""
    offset = BUDDHIST_OFFSET if (language or _reader_language()) == "th" else 0
    return f"{value.day}/{value.month}/{value.year + offset}"


def month(value: dt.date | None, language: str | None = None) -> str:
    """ต.ค. 2569 in Thai, Oct 2026 in English."""
    return "" if value is None else _named_day(value, language, 1, 3).split(" ", 1)[1]


def year(value: dt.date | int | None, language: str | None = None) -> str:
    """A Gregorian year (or a day in it) as the reader counts it: 2569 in Thai, 2026 in English."""
    if value is None:
        return ""
    number = value.year if isinstance(value, dt.date) else int(value)
    return str(number + BUDDHIST_OFFSET) if (language or _reader_language()) == "th" else str(number)


def clock_time(
    value: dt.datetime | dt.time | None, language: str | None = None, *, seconds: bool = False
) -> str:  # fmt: skip
    """14:05 น. in Thai, 14:05 in English, in Bangkok's time; with its seconds where they matter."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime) and value.tzinfo:
        value = value.astimezone(BANGKOK)
    return format(value, "%H:%M:%S" if seconds else "%H:%M") + (
        " น." if (language or _reader_language()) == "th" else ""
    )


def moment(value: dt.datetime | None, language: str | None = None) -> str:
    """1 ต.ค. 2569 14:05 น. in Thai, 1 Oct 2026 14:05 in English; a moment in UTC is shown in Bangkok's time."""
    return "" if value is None else f"{day(value, language)} {clock_time(value, language)}"


def number(value: Decimal | int | float | None, decimals: int | None = None) -> str:
    """A number with thousands apart: 1,234.5; ``decimals`` fixes how many are shown (rounded half up)."""
    if value is None:
        return ""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    if decimals is not None:
        from decimal import ROUND_HALF_UP

        exact = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{exact:,f}"
    if decimals is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text


FILTERS: dict[str, Callable[..., Any]] = {
    "day": day,
    "day_long": day_long,
    "day_typed": day_typed,
    "month": month,
    "year": year,
    "moment": moment,
    "clock_time": clock_time,
    "number": number,
    "thai_digits": thai_digits,
    "masked_national_id": masked_national_id,
}
"""What templates may call by these names; ``create_app`` registers them."""
