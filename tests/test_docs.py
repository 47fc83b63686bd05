"""The documents say what is so: links lead somewhere, commands exist, columns are the program's, the walk works."""

import importlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from webapp.cli import COMMANDS
from webapp.imports.commands import KINDS as KIND_NAMES
from webapp.imports.kinds import KINDS
from webapp.language import merged_english

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "tests" / "README.md"])
README = (ROOT / "README.md").read_text(encoding="utf-8")
FORMATS = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"(?:^|`|/|\$ )kaona((?: [a-z][a-z-]*)+)", re.MULTILINE)


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    heads = re.findall(r"^#+ (.+)$", without_code(text), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", head.replace("`", "").lower(), flags=re.UNICODE).replace(" ", "-") for head in heads
    } | {
        # marks above and below Thai letters stay in an anchor
        "".join(
            letter
            for letter in head.lower().replace(" ", "-")
            if letter.isalnum() or letter in "-_" or "\u0e31" <= letter <= "\u0e4e"
        )
        for head in heads
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    dead = []
    for target in LINK.findall(without_code(text)):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        found = (page.parent / file).resolve() if file else page
        if not found.exists() or (anchor and anchor not in anchors(found.read_text(encoding="utf-8"))):
            dead.append(target)
    assert dead == []


def test_every_picture_is_shown_somewhere_and_small() -> None:
    shown = {
        (page.parent / target).resolve()
        for page in PAGES
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if target.endswith(".png")
    }
    pictures = set((ROOT / "docs" / "pictures").resolve().glob("*.png"))
    assert pictures == shown
    assert [picture.name for picture in pictures if picture.stat().st_size > 150_000] == []


def test_every_label_in_the_guide_stands_on_a_page() -> None:
    """What the guide sets in italics is what buttons, menus and headings say, in the guide's language."""
    known = {"th": {message.id for message in merged_english()}, "en": {message.string for message in merged_english()}}
    strange = [
        f"{page.parent.name}/{page.name}: {label}"
        for page in PAGES
        if page.parent.parent.name == "guide"
        for label in re.findall(r"(?<!\*)\*([^*\n]{2,60})\*(?!\*)", without_code(page.read_text(encoding="utf-8")))
        if label not in known[page.parent.name]
    ]
    everything = known["th"] | known["en"]
    strange += [
        label
        for label in re.findall(r"(?<!\*)\*([^*\n]{2,60})\*(?!\*)", without_code(README))
        if label not in everything
    ]
    assert strange == []


def test_the_guide_has_the_same_pages_in_both_languages() -> None:
    thai, english = (
        {page.name for page in (ROOT / "docs" / "guide" / language).iterdir()} for language in ("th", "en")
    )
    assert thai == english


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = set(LINK.findall((folder / "README.md").read_text(encoding="utf-8")))
    assert {page.name for page in folder.glob("*.md")} - {"README.md"} == listed


def commands(tree: dict[str, Any], before: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    for name, entry in tree.items():
        if isinstance(entry, dict):
            yield from commands(entry, (*before, name))
        elif name:
            yield (*before, name), entry[0]


def test_every_command_can_be_loaded() -> None:
    for _words, place in commands(COMMANDS):
        module, _, name = place.partition(":")
        assert callable(getattr(importlib.import_module(module), name))


def test_every_command_named_in_the_documents_exists() -> None:
    known = {words for words, _place in commands(COMMANDS)}
    starts = {words[:1] for words in known}
    unknown = []
    for page in PAGES:
        for said in COMMAND.findall(page.read_text(encoding="utf-8")):
            words = tuple(said.split())
            if words[:1] not in starts or not (words[:1] in known or words[:2] in known or len(words) == 1):
                unknown.append(f"{page.name}: kaona{said}")
    assert unknown == []


def test_the_columns_of_every_import_are_described() -> None:
    described = {}
    for kind, table in re.findall(r"^### `([a-z-]+)`\n(.*?)(?=^##)", FORMATS, re.MULTILINE | re.DOTALL):
        rows = re.findall(r"^\| (\*\*)?`(\w+)`(?:\*\*)? \| ([^|]+?) \| (yes)? *\|", table, re.MULTILINE)
        described[kind] = [(name, heading, bool(needed), bool(key)) for key, name, heading, needed in rows]
    said = {
        name: [(column.name, column.heading, column.required, column.key) for column in kind.columns]
        for name, kind in KINDS.items()
    }
    assert described == said
    assert [*described, "roster"] == list(KIND_NAMES)


def test_the_walk_of_the_readme_works_on_an_empty_folder(tmp_path: Path) -> None:
    found = re.search(r"<!-- walk.*?-->\n```sh\n(.*?)```", README, re.DOTALL)
    assert found
    walk = found[1].replace("$(mktemp -d)", str(tmp_path)).replace("$PWD/.venv/bin", str(Path(sys.executable).parent))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KAONA_", "DATABASE_URL"))}
    done = subprocess.run(["bash", "-eux", "-c", walk], cwd=ROOT, env=kept, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert (tmp_path / "scorecards.xlsx").read_bytes().startswith(b"PK")
    ranking = json.loads((tmp_path / "ranking.json").read_text(encoding="utf-8"))
    figures = [
        (str(entry["rank"]), entry["officer_no"],
         *(entry["components"][code] for code in ("exam", "proposal", "project", "coaching")), entry["composite"])
        for entry in ranking["entries"]
    ]  # fmt: skip
    assert figures == [
        tuple(row) for row in re.findall(r"^\| (\d) " + r"\| ([\d.]+) " * 6 + r"\|$", README, re.MULTILINE)
    ]
    assert [row["officer_no"] for row in ranking["unranked"]] == ["90008", "90009", "90010"]
