"""Files made to hurt are refused within a second, with one code for the sentence, and nothing of them is unpacked or fetched."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.assessments.bank.transfer import files
from webapp.assessments.bank.formats import CannotRead
from webapp.assessments.bank.transfer import detecting, incoming
from webapp.assessments.bank.transfer.words import REASONS, UNREADABLE

ENTITY = b'<!DOCTYPE q [<!ENTITY a SYSTEM "file:///etc/passwd">]><quiz>&a;</quiz>'
LAUGHS = b'<!DOCTYPE q [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><quiz>&b;</quiz>'
POWER = "<power><baseValue baseType='float'>9e9</baseValue><baseValue baseType='float'>50</baseValue></power>"
HOSTILE = {
    "a bomb": (files.package(a_xml=b"\0" * 50_000_000), "bomb"),
    "many bombs": (files.package(**{f"n{n}_xml": b"\0" * 900_000 for n in range(300)}), "package-too-large"),
    "too many parts": (files.package(**{f"n{n}_txt": "" for n in range(5_001)}), "package-too-large"),
    "another's file": (ENTITY, "entities"),
    "swelling": (LAUGHS, "entities"),
    "within a package": (files.package(a_xml=ENTITY), "entities"),
    "deep": (b"<quiz>" + b"<a>" * 300_000, "too-deep"),
    "too large": (b"a" * (61 * 2**20), "file-too-large"),
    "too large a text": (b"a" * (25 * 2**20), "file-too-large"),
    "many questions": (b"q {T}\n\n" * 5_001, "too-many"),
    "cut off": (files.qti()[:700], "not-zip"),
    "cut off xml": (b"<quiz><question>", "not-xml"),
    "a picture": (files.PNG, "not-text"),
    "a document": (b"%PDF-1.7", "not-text"),
    "a page": (b"<!doctype html><html></html>", "unknown-xml"),
    "nothing": (b"", "empty"),
    "a zip of texts": (files.package(readme_txt="hello"), "no-items"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_file_is_refused_at_once(name: str) -> None:
    content, code = HOSTILE[name]
    began = time.process_time()
    with pytest.raises(CannotRead) as error:
        detecting.read(content, "x")
    assert error.value.code == code
    assert code in UNREADABLE
    assert time.process_time() - began < 1


def test_items_too_large_to_try_out_are_refused_alone() -> None:
    nested = POWER.replace("<baseValue baseType='float'>9e9</baseValue>", POWER.replace("9e9", "8e8"))
    rules = f"<responseProcessing><setOutcomeValue identifier='SCORE'>{nested}</setOutcomeValue></responseProcessing>"
    template = files.CHOICE.format(name="x", body="<p>?</p>")
    start, _processing, _end = template.partition("<responseProcessing")
    batch = incoming.batch_of(f"{start}{rules}</assessmentItem>".encode())
    assert [(row["code"], row["values"]["found"]) for row in batch.refused] == [("processing", "number too large")]
    many = template.replace(
        "ก</simpleChoice>",
        "ก</simpleChoice>" + "".join(f'<simpleChoice identifier="c{n}">x</simpleChoice>' for n in range(300)),
    )
    assert incoming.batch_of(many.encode()).refused[0]["code"] == "document:too-many"


def test_pictures_of_another_kind_give_way_to_their_words() -> None:
    item = files.CHOICE.format(name="x", body='<p>ดู <img src="a.png" alt="ผัง"/><img src="b.svg" alt="แผนที่"/></p>')
    batch = incoming.batch_of(files.package(x_xml=item, a_png=b"<svg onload='x()'/>", b_svg="<svg/>"))
    document = batch.items[0][0].document
    assert "[ผัง]" in document["stem_th"] and "[แผนที่]" in document["stem_th"] and "img" not in document["stem_th"]
    assert batch.items[0][0].notes == ("picture-refused",)
    assert batch.pictures == {}


SAMPLES = [files.GIFT.encode(), files.CHOICE.format(name="x", body="<p>?</p>").encode(), files.qti()]


@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=4), st.integers(0, 40)), max_size=4),
)
def test_whatever_is_changed_in_a_file_it_is_read_or_refused(
    content: bytes, changes: list[tuple[int, bytes, int]]
) -> None:
    for place, put, gone in changes:
        place %= len(content) + 1
        content = content[:place] + put + content[place + gone :]
    refusals: list[CannotRead] = []
    refused = []
    try:
        refused = incoming.batch_of(content).refused
    except CannotRead as error:
        refusals.append(error)
    assert all(error.code in UNREADABLE for error in refusals)
    assert all(row["code"].startswith("document:") or row["code"] in REASONS for row in refused)
