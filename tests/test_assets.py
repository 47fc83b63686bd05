"""Styles, scripts and fonts come from packages and are served under names that change with their content."""

import json
import re

import pytest

from webapp import assets


def test_every_name_in_the_manifest_is_a_file_whose_name_carries_its_content() -> None:
    for name, stored in assets.manifest().items():
        if not name.startswith("@"):
            assert (assets.VENDOR / stored).is_file()
            assert assets.is_hashed("", f"/static/vendor/{stored}")


def test_an_address_made_for_a_page_is_under_static() -> None:
    assert re.fullmatch(r"/static/vendor/bootstrap\.[0-9a-f]{12}\.css", assets.asset("bootstrap.css"))


def test_an_unknown_name_is_an_error_and_not_a_broken_link() -> None:
    with pytest.raises(assets.AssetMissing, match=r"no-such\.css"):
        assets.asset("no-such.css")


def test_htmx_is_exactly_the_version_that_was_tried() -> None:
    lock = json.loads((assets.ROOT / "package-lock.json").read_text(encoding="utf-8"))
    assert lock["packages"]["node_modules/htmx.org"]["version"] == "2.0.11"


def test_the_typeface_asks_only_for_files_that_are_there() -> None:
    rules = (assets.VENDOR / assets.manifest()["sarabun.css"]).read_text(encoding="utf-8")
    files = re.findall(r"url\(([^)]+)\)", rules)
    assert len(files) == len(assets.FONT_WEIGHTS) * len(assets.FONT_SUBSETS)
    assert all((assets.VENDOR / file).is_file() for file in files)
    assert "http" not in rules


def test_every_third_party_file_comes_with_its_license() -> None:
    for name in assets.LICENSES:
        assert len((assets.VENDOR / f"LICENSE-{name}.txt").read_text(encoding="utf-8")) > 200


def test_documents_have_their_four_weights() -> None:
    assert len(list(assets.pdf_fonts().glob("sarabun-*.ttf"))) == 4


@pytest.mark.parametrize("address", ["/static/kaona.css", "/static/kaona.css?v=0123456789ab", "/static/a.b.css"])
def test_a_file_under_a_plain_name_may_change(address: str) -> None:
    assert not assets.is_hashed("", address)
