"""Thai dates, digits, names and numbers; PyThaiNLP is the second opinion."""

import datetime as dt
import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythainlp.util import collate, thai_strftime
from pythainlp.util import normalize as pythainlp_normalize

from webapp import thai

FIRST_OF_OCTOBER = dt.date(2026, 10, 1)


@pytest.mark.parametrize(
    "typed",
    [
        "2026-10-01",
        "2569-10-01",
        "2026-10-01 00:00:00",
        "1/10/2569",
        "01/10/2569",
        "1-10-2569",
        "1.10.2026",
        "1 ต.ค. 2569",
        "1 ตค 2569",
        "1ต.ค.2569",
        "1 ตุลาคม 2569",
        "1 ตุลาคม พ.ศ. 2569",
        "วันที่ 1 ตุลาคม พ.ศ.2569",
        "1 ตุลาคม ค.ศ. 2026",
        "๑ ต.ค. ๒๕๖๙",
        "๐๑/๑๐/๒๕๖๙",
        "1 Oct 2026",
        " 1  October  2026 ",
    ],
)
def test_every_accepted_way_of_typing_a_day_is_the_same_day(typed):
    assert thai.parse_day(typed) == FIRST_OF_OCTOBER


def test_the_leap_day_of_a_buddhist_leap_year_is_valid():
    assert thai.parse_day("29/02/2567") == dt.date(2024, 2, 29)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("1/10/69", "ปีต้องมีสี่หลัก"),
        ("1 ต.ค. 69", "ปีต้องมีสี่หลัก"),
        ("69-10-01", "ปีต้องมีสี่หลัก"),
        ("29/2/2568", "ไม่มีวันนี้ในปฏิทิน"),
        ("31/4/2569", "ไม่มีวันนี้ในปฏิทิน"),
        ("1/13/2569", "ไม่มีวันนี้ในปฏิทิน"),
        ("1 ต.ค. ค.ศ. 2569", "ปีไม่ตรงกับศักราช"),
        ("1 ต.ค. พ.ศ. 2026", "ปีไม่ตรงกับศักราช"),
        ("1 ตล. 2569", "ไม่รู้จักชื่อเดือน"),
        ("", "อ่านเป็นวันที่ไม่ได้"),
        ("20261001", "อ่านเป็นวันที่ไม่ได้"),
        ("=1/10/2569", "อ่านเป็นวันที่ไม่ได้"),
    ],
)
def test_what_is_not_a_day_is_refused_with_its_reason(typed, reason):
    with pytest.raises(thai.UnreadableDay, match=reason):
        thai.parse_day(typed)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31)))
def test_every_day_shown_in_thai_or_english_reads_back_as_itself(day):
    for language in ("th", "en"):
        assert thai.parse_day(thai.day(day, language)) == day
        assert thai.parse_day(thai.day_long(day, language)) == day
        assert thai.parse_day(thai.day_typed(day, language)) == day
    assert thai.parse_day(thai.thai_digits(thai.day_long(day, "th"))) == day


@given(st.dates(dt.date(1950, 1, 1), dt.date(2100, 12, 31)))
def test_days_in_thai_read_as_pythainlp_writes_them(day):
    moment = dt.datetime.combine(day, dt.time())
    assert thai.day_long(day, "th") == thai_strftime(moment, "%-d %B %Y")
    assert thai.day(day, "th") == thai_strftime(moment, "%-d %b %Y")
    assert thai.thai_digits(thai.day_long(day, "th")) == thai_strftime(moment, "%-d %B %Y", thaidigit=True)


def test_a_moment_is_shown_in_bangkoks_time():
    late = dt.datetime(2026, 9, 30, 18, 5, tzinfo=dt.UTC)
    assert thai.moment(late, "th") == "1 ต.ค. 2569 01:05 น."
    assert thai.moment(late, "en") == "1 Oct 2026 01:05"
    assert thai.day(late, "en") == "1 Oct 2026"


def test_nothing_is_shown_for_no_day():
    assert thai.day(None) == thai.day_long(None) == thai.moment(None) == thai.number(None) == ""


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (dt.date(2025, 9, 30), 2568),
        (dt.date(2025, 10, 1), 2569),
        (dt.date(2026, 9, 30), 2569),
        (dt.date(2026, 10, 1), 2570),
    ],
)
def test_the_fiscal_year_turns_on_the_first_of_october(day, year):
    assert thai.fiscal_year(day) == year
    first, last = thai.fiscal_year_days(year)
    assert first <= day <= last


def test_spellings_that_look_alike_become_one():
    assert thai.normalized("นํ้าใส") == thai.normalized("น้ําใส") == "น้ำใส"
    assert thai.normalized("เเก้ว") == "แก้ว"
    assert thai.normalized("ก่ิง") == "กิ่ง"
    assert thai.normalized("  สม\u200bชาย\u00a0  ใจดี\ufeff ") == "สมชาย ใจดี"
    assert thai.normalized("e\u0301") == "é"


@pytest.mark.parametrize("text", ["นํ้า", "เเปลก", "พ้ืน", "ที่นี่", "น้ําเเข็ง", "กิ่งแก้ว", "ปู่"])
def test_normal_spelling_agrees_with_pythainlp(text):
    assert thai.normalized(text) == pythainlp_normalize(text)


@given(st.text(alphabet="กขคงจชนมรลวสอเแโใไาำิีึืุู่้๊๋็์ํั \u200b\u00a0x", max_size=12))
def test_normalizing_twice_changes_nothing(text):
    assert thai.normalized(thai.normalized(text)) == thai.normalized(text)


DISTRICTS = [
    "พระนคร",
    "ดุสิต",
    "ป้อมปราบศัตรูพ่าย",
    "สัมพันธวงศ์",
    "ดินแดง",
    "ห้วยขวาง",
    "พญาไท",
    "ราชเทวี",
    "วังทองหลาง",
    "ปทุมวัน",
    "บางรัก",
    "สาทร",
    "บางคอแหลม",
    "ยานนาวา",
    "คลองเตย",
    "วัฒนา",
    "พระโขนง",
    "สวนหลวง",
    "บางนา",
    "จตุจักร",
    "บางซื่อ",
    "ลาดพร้าว",
    "หลักสี่",
    "ดอนเมือง",
    "สายไหม",
    "บางเขน",
    "เสือป่า",
    "เสื้อเมือง",
    "เก่ง",
    "เก้ง",
    "เก๊ง",
    "แกง",
    "แก้ว",
    "ไข่มุก",
    "ใจดี",
    "โกวิท",
    "ฤทธิ์",
    "ศรี",
    "ศรีสุข",
    "เอก",
    "โสภา",
    "แสงดาว",
    "เจริญ",
    "จันทร์",
]


def test_names_sort_as_pythainlp_sorts_them():
    assert sorted(DISTRICTS, key=thai.sort_key) == collate(DISTRICTS)


def test_the_sort_key_needs_no_collation():
    for text in [*DISTRICTS, "Mixed ชื่อ-นามสกุล ๑2"]:
        assert set(thai.sort_key(text)) <= set("0123456789abcdefghijklmnopqrstuvwxyz")


def test_tone_marks_decide_only_between_words_otherwise_alike():
    words = ["กา", "ก่า", "ก้า", "ก่าง", "กาน", "ก็", "ก", "กก"]
    assert sorted(words, key=thai.sort_key) == ["ก", "ก็", "กก", "กา", "ก่า", "ก้า", "ก่าง", "กาน"]
    for one, other in itertools.combinations(words, 2):
        assert thai.sort_key(one) != thai.sort_key(other)


def test_a_national_id_needs_its_check_digit():
    assert thai.is_national_id("1101700230708") is True
    assert thai.is_national_id("1101700230707") is False
    assert thai.is_national_id("110170023070") is False
    assert thai.national_id_digits("๑-1017-00230-70-8") == "1101700230708"
    assert thai.masked_national_id("1101700230708") == "x-xxxx-xxxxx-70-8"
    assert thai.masked_national_id(None) == ""


def test_numbers_are_exact_and_grouped():
    assert thai.number(Decimal("1234567.10")) == "1,234,567.1"
    assert thai.number(Decimal("2.345"), 2) == "2.35"
    assert thai.number(0) == "0"
    assert thai.number(Decimal("80"), 2) == "80.00"
    assert thai.number(1000) == "1,000"
