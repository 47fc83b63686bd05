"""Questions keep only the markup they may have, and the same words have one form."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.assessments.bank import richtext

HASH = "a" * 64
PIECES = ["<p>", "</p>", "<b>", "</b>", "<div>", "</div>", "<ul><li>", "</li></ul>", "<br>", " ", "ข้อ", "<script>", "</script>",
          "a < b", "&amp;", "<img src='x' alt='รูป'>", f'<img src="picture:{HASH}" alt="x">', "<table><tr><td>", "<a href=x>",
          "<!--", "-->", "<h1>", "</h1>", "\x00", "<svg onload=x>", "&lt;b&gt;"]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
def test_cleaning_twice_changes_nothing_and_leaves_nothing_dangerous(markup):
    once = richtext.cleaned(markup)
    assert richtext.cleaned(once) == once
    assert not any(found in once for found in ("<script", "onload", "href", "<svg", 'src="x', "<a "))


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="กขa <>&b\n;", max_size=20))
def test_plain_words_come_back_as_they_were_typed(text):
    markup = richtext.from_typed(text)
    assert richtext.from_typed(richtext.to_typed(markup)) == markup


@pytest.mark.parametrize(
    ("markup", "kept"),
    [
        ("<p>ข้อใด</p>", "ข้อใด"), ("<div>ก</div><div>ข</div>", "<p>ก</p><p>ข</p>"), ("<p onclick=x>ก<br/>ข</p>", "ก<br>ข"),
        ("H<sub>2</sub>O<script>alert(1)</script>", "H<sub>2</sub>O"), ("<img src='http://a/b.png' alt='แผนที่'>", "[แผนที่]"),
        (f'<img src="picture:{HASH}" onerror="x" alt="ก">', f'<img src="picture:{HASH}" alt="ก">'), ("", ""), ("<p> </p>", ""),
        ('<td colspan="2">x</td>', "x"), ('<ol start="3" style="x"><li>ก</li></ol>', '<ol start="3"><li>ก</li></ol>'),
    ],
)  # fmt: skip
def test_what_is_kept(markup, kept):
    assert richtext.cleaned(markup) == kept


def test_pictures_are_found_and_shown_at_an_address():
    markup = f'<p>ดู <img src="picture:{HASH}" alt="แผนที่"></p><p>picture:{HASH}</p>'
    assert richtext.pictures_in(markup) == [HASH]
    assert richtext.shown(markup, lambda digest: "/x?a=1&b=2") == markup.replace(
        f'src="picture:{HASH}"', 'src="/x?a=1&amp;b=2"'
    )
    assert richtext.plain(markup) == f"ดู [แผนที่] picture:{HASH}"
