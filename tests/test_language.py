"""Everything a reader sees is there in Thai and in English."""

import pytest

from tests import words


def test_every_wrapped_text_has_its_english() -> None:
    missing = words.untranslated()
    assert not missing, f"{len(missing)} texts want their English in the room's english.po:\n" + "\n".join(missing)


def test_no_thai_stands_in_a_template_unwrapped() -> None:
    bare = words.bare_thai()
    assert not bare, "write {{ _('…') }} around:\n" + "\n".join(bare)


def test_no_two_rooms_translate_a_text_differently() -> None:
    assert words.repeated() == []


@pytest.mark.parametrize("text", ["{{ 'ไทย' }}", "<p>ไทย</p>", "{{ field('ไทย') }}"])
def test_the_check_sees_thai_that_is_not_wrapped(text: str) -> None:
    from jinja2 import Environment

    assert list(words._bare(Environment().parse(text)))


@pytest.mark.parametrize(
    "text", ["{{ _('ไทย') }}", "{{ field(_('ไทย')) }}", "{{ ngettext('ไทย', 'ไทย', n) }}", "{# ไทย #}"]
)
def test_the_check_takes_thai_that_is_wrapped(text: str) -> None:
    from jinja2 import Environment

    assert not list(words._bare(Environment().parse(text)))
