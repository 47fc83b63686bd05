"""Documents are set in our own typeface, show Thai whole, and come out with the same bytes twice."""

import datetime as dt
import subprocess

import pytest

from tests import machine
from webapp import documents
from webapp.assets import pdf_fonts
from webapp.documents.glyphs import covered_letters

DATED = dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)
DATA = {
    "title": "ประวัติการพัฒนา",
    "header": "กรุงเทพมหานคร",
    "footer": "ตรวจสอบได้ที่รหัส 12ab",
    "facts": [["ชื่อ", "นายสมชาย ใจดี"], ["สังกัด", "สำนักงานเขตป้อมปราบศัตรูพ่าย"]],
    "text": "ผู้อำนวยการเขตที่ปรึกษาหารือกับผู้ช่วยผู้อำนวยการเขตเรื่องน้ำท่วมและเศรษฐกิจ #let x = 1 $x$ *ไม่ใช่คำสั่ง*",
    "headings": ["ชื่อ", "คะแนน"],
    "rows": [[f"ผู้เข้ารับการอบรม {n}", "87.50"] for n in range(60)],
    "picture": '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="30"><rect width="80" height="30" fill="#14532d"/></svg>',
}


def as_text(content, tmp_path):
    machine.require("pdftoppm")  # pdftotext comes with it
    path = tmp_path / "x.pdf"
    path.write_bytes(content)
    return subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True).stdout


def test_thai_is_shown_whole_on_numbered_pages(tmp_path):
    text = as_text(documents.render("documents/sample.typ", DATA, dated=DATED), tmp_path)
    for words in ("ประวัติการพัฒนา", "กรุงเทพมหานคร", "นายสมชาย ใจดี", "ผู้เข้ารับการอบรม 59", "1/2", "2/2"):
        assert words in text.replace(" / ", "/"), words
    assert text.count("คะแนน") == 2  # the table's heading repeats on every page


def test_what_people_typed_is_never_taken_for_commands(tmp_path):
    text = as_text(documents.render("documents/sample.typ", DATA, dated=DATED), tmp_path)
    assert "#let x = 1 $x$ *" in text


def test_the_same_data_and_date_give_the_same_bytes():
    first = documents.render("documents/sample.typ", DATA, dated=DATED)
    assert first == documents.render("documents/sample.typ", DATA, dated=DATED)
    assert b"pdfaid:part>2<" in first


def test_a_letter_without_a_glyph_is_replaced_and_reported(tmp_path):
    document = documents.render_document("documents/sample.typ", DATA | {"text": "คะแนน 漢字 🙂 ดี"}, dated=DATED)
    assert document.replaced == ("字", "漢", "🙂")
    assert "คะแนน ?? ? ดี" in as_text(document.content, tmp_path)


@pytest.mark.parametrize(
    "text", ["กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรฤลฦวศษสหฬอฮฯะัาำิีึืฺุูเแโใไๅๆ็่้๊๋์ํ๐๑๒๓๔๕๖๗๘๙฿", "Aa0–—“”…×•é"]
)
def test_the_typeface_has_every_letter_we_write_with(text):
    covered = covered_letters(tuple(sorted(pdf_fonts().glob("*.ttf"))))
    assert [letter for letter in text if ord(letter) not in covered] == []
