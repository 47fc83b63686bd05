"""What is committed is our own, and says nothing about the machine it was made on."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
THIRD_PARTY = re.compile(r"(^|/)(node_modules|vendor)/|\.min\.(js|css)$|\.(woff2?|ttf|otf|eot|mo|pyc|sqlite|whl)$")
LISTS = ("requirements/*.txt", "requirements/*.in", "package.json", "package-lock.json", ".npmrc", "pyproject.toml")
# Written in two halves, so that this test does not find itself.
HOSTS = re.compile(
    "|".join(("registry\\." + "npmjs", "pypi\\." + "org", "python" + "hosted", '"resolved"', "index-" + "url"))
)


@pytest.fixture(scope="module")
def committed() -> list[str]:
    """Every file that is or would be committed."""
    listing = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listing.returncode:
        pytest.skip("not run: this is a copy without its history, so there is no list of committed files")
    return listing.stdout.splitlines()


def test_no_third_party_or_built_file_is_committed(committed: list[str]) -> None:
    assert [name for name in committed if THIRD_PARTY.search(name)] == []


def test_no_package_list_names_a_registry() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for pattern in LISTS
        for path in ROOT.glob(pattern)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if HOSTS.search(line)
    ]
    assert found == []


def test_every_locked_package_carries_its_hashes() -> None:
    for path in sorted(ROOT.glob("requirements/*.txt")):
        entries = re.split(r"\n(?=\S)", path.read_text(encoding="utf-8"))
        pinned = [entry for entry in entries if re.match(r"[a-z0-9]", entry)]
        assert pinned, path.name
        assert [entry.split()[0] for entry in pinned if "--hash=sha256:" not in entry] == []


def test_the_check_list_holds_the_product_list_at_the_same_versions() -> None:
    def versions(name: str) -> set[str]:
        return set(re.findall(r"^[a-z0-9][^ ]*==[^ ]+", (ROOT / "requirements" / name).read_text(), re.MULTILINE))

    assert versions("product.txt") <= versions("check.txt")
