"""The reference data the product ships with: complete, in two languages, consistent, and safe to load again."""

import re
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select

from webapp.careers import models
from webapp.careers.criteria.tree import Known, problems, tree_from, unexplained
from webapp.careers.shipped import load_reference_data, read

THAI = re.compile("[ก-๙]")
LATIN = re.compile("[A-Za-z]")

DOCUMENTS = (
    "units",
    "organization",
    "courses",
    "paths",
    "measurement",
    *(f"competencies/{name}" for name in read.COMPETENCY_FILES),
    *(f"profiles/{name}" for name in read.PROFILE_FILES),
)


def nodes_of(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield tree
    for child in tree.get("of", ()):
        yield from nodes_of(child)


def pairs_of(value: Any) -> Iterator[tuple[str, str]]:
    """Every Thai text with its English, wherever it stands."""
    if isinstance(value, list):
        for item in value:
            yield from pairs_of(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key.endswith("_th"):
                yield item, value[key.removesuffix("_th") + "_en"]
            elif key == "source":
                yield item, value["source_en"]
            else:
                yield from pairs_of(item)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_thai_text_has_an_english(name: str) -> None:
    pairs = list(pairs_of(read.read(name)))
    assert pairs
    for thai, english in pairs:
        assert THAI.search(thai), thai
        assert LATIN.search(english), english
        assert not THAI.search(english), english


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_thai_text_stands_outside_a_pair(name: str) -> None:
    free = {"institution", "accepting_body", "resolution", "reason"}

    def check(value: Any, key: str = "") -> None:
        if isinstance(value, list):
            for item in value:
                check(item, key)
        elif isinstance(value, dict):
            for inner, item in value.items():
                check(item, inner)
        elif isinstance(value, str) and THAI.search(value):
            assert key.endswith("_th") or key == "source" or key in free, (key, value)

    check(read.read(name))


def test_fifty_districts_in_the_order_of_their_groups() -> None:
    districts = [unit for unit in read.units() if unit["kind"] == "district"]
    assert [unit["code"] for unit in districts] == [f"BMA-D{number:02d}" for number in range(1, 51)]
    assert Counter(unit["zone"] for unit in districts) == {
        "กรุงเทพกลาง": 9, "กรุงเทพใต้": 10, "กรุงเทพเหนือ": 7, "กรุงเทพตะวันออก": 9, "กรุงธนเหนือ": 8, "กรุงธนใต้": 7,
    }  # fmt: skip
    assert districts[0]["name_th"] == "สำนักงานเขตพระนคร"
    assert districts[-1]["name_th"] == "สำนักงานเขตทุ่งครุ"


def test_codes_are_unique() -> None:
    organization = read.read("organization")
    for rows in (read.units(), organization["sections"], organization["posts"], organization["qualifications"],
                 read.competencies(), read.read("courses")["courses"], read.read("paths")["paths"]):  # fmt: skip
        codes = [row["code"] for row in rows]
        assert len(codes) == len(set(codes))


def test_fourteen_competencies_with_five_levels_each_seen_by_at_least_two_indicators() -> None:
    rows = read.competencies()
    assert Counter(row["group"] for row in rows) == {"core": 5, "bma-executive": 4, "post-specific": 5}
    for row in rows:
        assert [level["level"] for level in row["levels"]] == [1, 2, 3, 4, 5]
        assert all(len(level["indicators"]) >= 2 for level in row["levels"])


def test_profiles_expect_the_competencies_of_the_minutes_at_the_shipped_levels() -> None:
    expected = {"district-director": (11, 4), "assistant-district-director": (11, 3), "section-head": (8, 3)}
    for profile in read.profiles():
        rows = profile["document"]["competencies"]
        assert (len(rows), rows[0]["expected_level"]) == expected[profile["post"]]
        assert len({row["expected_level"] for row in rows}) == 1
        for row in rows:
            assert row["method_th"]
            assert row["method_en"]
            assert row["assessor_th"]
            assert row["assessor_en"]


CRITERIA = {
    "district-director": {
        "dd-standard": {}, "dd-assistant-tenure": {"years": 2}, "dd-sections": {"min": 7}, "dd-course": {},
        "dd-competency": {},
    },
    "assistant-district-director": {
        "add-standard": {}, "add-experience": {}, "add-managerial-primary": {"years": 2},
        "add-section-head-districts": {"min": 2}, "add-section-head-bureau": {"works": 1},
        "add-general-districts": {"min": 3}, "add-general-bureau": {"works": 1}, "add-course": {}, "add-competency": {},
    },
    "section-head": {"sh-standard": {}, "sh-course": {}, "sh-competency": {}},
}  # fmt: skip


@pytest.mark.parametrize("profile", read.profiles(), ids=lambda profile: profile["post"])
def test_criteria_carry_the_ids_and_parameters_of_the_contract(profile: dict[str, Any]) -> None:
    root, *below = nodes_of(profile["document"]["criteria"])
    assert root["kind"] == "all"
    found = {node["id"]: {key: node[key] for key in ("years", "min", "works") if key in node} for node in below}
    assert found == CRITERIA[profile["post"]]
    assert list(found) == list(CRITERIA[profile["post"]])


@pytest.mark.parametrize("profile", read.profiles(), ids=lambda profile: profile["post"])
def test_every_criterion_has_its_reason_and_source(profile: dict[str, Any]) -> None:
    trees = [profile["document"]["criteria"], profile["document"]["course_entry"]]
    for tree in filter(None, trees):
        for node in list(nodes_of(tree))[1:]:
            assert all(node[key] for key in ("reason_th", "reason_en", "source", "source_en")), node["id"]


def test_every_tree_can_be_judged_refers_to_what_is_shipped_and_could_be_published() -> None:
    organization = read.read("organization")
    known = Known(
        posts=frozenset(post["code"] for post in organization["posts"]),
        grades=frozenset((row["position_type"], row["level"]) for row in read.position_levels()),
        unit_kinds=frozenset(unit["kind"] for unit in read.units()),
        qualifications=frozenset(row["code"] for row in organization["qualifications"]),
        courses=frozenset(row["code"] for row in read.read("courses")["courses"]),
        groups=frozenset(row["group"] for row in read.competencies()),
    )
    for profile in read.profiles():
        assert known.posts is not None
        assert known.courses is not None
        assert profile["post"] in known.posts
        assert profile["document"]["course"] in known.courses
        for tree in filter(None, (profile["document"]["criteria"], profile["document"]["course_entry"])):
            assert problems(tree, known) == []
            assert unexplained(tree_from(tree)) == []


def test_fifteen_paths_seven_through_districts_six_through_bureaus_two_mixed() -> None:
    document = read.read("paths")
    assert Counter(path["kind"] for path in document["paths"]) == {"district": 7, "bureau": 6, "mixed": 2}
    assert document["reconstruction"] is True
    assert document["post"] == "district-director"


@pytest.mark.parametrize("path", read.read("paths")["paths"], ids=lambda path: path["code"])
def test_every_path_passes_through_the_key_position_and_satisfies_its_criteria(path: dict[str, Any]) -> None:
    posts = {post["code"] for post in read.read("organization")["posts"]}
    levels = {(row["position_type"], row["level"]) for row in read.position_levels()}
    *way, assistant, director = path["steps"]
    assert assistant["post"] == "assistant-district-director"
    assert assistant["years"] == 2
    assert assistant["sections"] == 7
    assert director["post"] == "district-director"
    for step in way:
        assert step.get("post", "section-head") in posts
        assert (step["position_type"], step["level"]) in levels
    kinds = {step["unit_kind"] for step in way}
    assert kinds == ({"district", "bureau"} if path["kind"] == "mixed" else {path["kind"]})
    assert _opens_the_key_position(way[-1])


def _opens_the_key_position(step: dict[str, Any]) -> bool:
    """The step before assistant director meets one of the criteria 2.1 to 2.4 of the minutes."""
    kind, post = (step["position_type"], step["level"]), step.get("post")
    return (
        (kind == ("managerial", "primary") and step["years"] >= 2)
        or (post == "section-head" and kind[0] == "knowledge" and step.get("districts", 0) >= 2)
        or (post == "bureau-section-head" and kind[0] == "knowledge" and step.get("works", 0) >= 1)
        or (kind == ("general", "senior") and step["unit_kind"] == "district" and step.get("districts", 0) >= 3)
        or (kind == ("general", "senior") and step["unit_kind"] == "bureau" and step.get("works", 0) >= 1)
    )


def test_course_codes_of_the_contract_and_the_three_accepted_equivalents() -> None:
    document = read.read("courses")
    assert {row["code"] for row in document["courses"]} == {
        "district-director-course", "assistant-district-director-course", "junior-metropolitan-administrator",
        "junior-administrator-bma-accepted", "junior-administrator-ocsc", "junior-administrator-ocsc-accepted",
    }  # fmt: skip
    equivalents = [row["equivalent"] for row in document["equivalents"]]
    assert len(equivalents) == 3
    assert all(row["accepting_body"] and row["resolution"] and row["reason"] for row in document["equivalents"])


# In the database -----------------------------------------------------------------------------------------------------


def counts(session: Any) -> dict[str, int]:
    tables = (models.Unit, models.Section, models.PositionLevel, models.Post, models.Seat, models.Qualification,
              models.Competency, models.Course, models.CourseEquivalent, models.JobProfile, models.CareerPath)  # fmt: skip
    return {table.__tablename__: session.scalar(select(func.count()).select_from(table)) for table in tables}


def test_set_up_loads_everything(any_database: str, session: Any) -> None:
    found = counts(session)
    assert found["unit"] >= 66
    assert found["post"] >= 20
    assert {name: found[name] for name in found if name not in ("unit", "post")} == {
        "section": 10, "position_level": 13, "seat": 3, "qualification": 3, "competency": 14, "course": 6,
        "course_equivalent": 3, "job_profile": 3, "career_path": 15,
    }  # fmt: skip
    profiles = session.scalars(select(models.JobProfile)).all()
    assert all(profile.version == 1 and profile.status == "published" for profile in profiles)
    assert all(profile.document["shipped"] for profile in profiles)


def test_loading_again_changes_nothing_and_is_quick(any_database: str, session: Any, actor: Any) -> None:
    before = counts(session)
    started = time.perf_counter()
    loaded = load_reference_data(session, actor)
    assert time.perf_counter() - started < 2
    assert (loaded.added, loaded.updated, loaded.kept_as_edited) == (0, 0, [])
    assert counts(session) == before


def test_a_missing_row_comes_back(session: Any, actor: Any) -> None:
    session.delete(session.scalar(select(models.CareerPath).where(models.CareerPath.code == "DD-15")))
    session.flush()
    assert load_reference_data(session, actor).added == 1


def test_what_was_edited_is_left_alone_and_what_was_not_follows_a_newer_release(session: Any, actor: Any) -> None:
    from webapp.careers import shipped

    older = {"code": "BMA-D01", "name_th": "ชื่อเดิม", "name_en": "Older", "kind": "district", "zone": "กรุงเทพกลาง"}
    units = {
        code: session.scalar(select(models.Unit).where(models.Unit.code == code)) for code in ("BMA-D01", "BMA-D02")
    }
    untouched, edited = units["BMA-D01"], units["BMA-D02"]
    untouched.name_th, untouched.name_en, untouched.shipped = "ชื่อเดิม", "Older", shipped.digest(older)
    edited.name_en, edited.shipped = "Edited here", "0" * 64
    session.flush()
    loaded = load_reference_data(session, actor)
    assert loaded.updated == 1
    assert loaded.kept_as_edited == ["BMA-D02"]
    assert untouched.name_en == "Phra Nakhon District Office"
    assert edited.name_en == "Edited here"
