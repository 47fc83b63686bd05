"""IMS QTI 2.1, 2.2 and 3.0: a package (zip) or a single item, read into item documents with the file's own scoring."""

import io
import posixpath
import zipfile
from collections.abc import Callable, Mapping
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from webapp.assessments.bank.formats import CannotRead, Reading, Refused
from webapp.assessments.bank.formats.qti_item import ItemReader, NotOurs
from webapp.assessments.bank.formats.qti_text import Body, normalized

MOST_FILES = 5_000
MOST_BYTES = 256 * 1024 * 1024
LARGEST_FILE = 32 * 1024 * 1024
"""A package larger than this when unpacked is refused before it is unpacked."""

PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")


def read(content: bytes, name: str = "", report: Callable[[int], None] | None = None) -> Reading:
    """Every item of a package or of a single file. Raises ``CannotRead`` where it is neither."""
    if content[:2] == b"PK":
        return _package(content, report)
    root = _parsed(content)
    if root is None:
        raise CannotRead("not-qti", found=name)
    reading = Reading()
    if root.tag != "assessmentItem":
        raise CannotRead("not-qti", found=root.tag[:60])
    _item(reading, root, name or root.get("identifier", "1"), {})
    return reading


def _parsed(content: bytes) -> Element | None:
    try:
        return normalized(fromstring(content))
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return None


def _package(content: bytes, report: Callable[[int], None] | None) -> Reading:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = [info for info in package.infolist() if not info.is_dir()]
            if len(entries) > MOST_FILES or sum(info.file_size for info in entries) > MOST_BYTES:
                raise CannotRead("package-too-large", files=MOST_FILES, megabytes=MOST_BYTES // 2**20)
            if any(info.file_size > LARGEST_FILE or info.flag_bits & 1 for info in entries):
                raise CannotRead("package-too-large", files=MOST_FILES, megabytes=LARGEST_FILE // 2**20)
            files = {info.filename: package.read(info) for info in entries}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as error:
        raise CannotRead("not-zip", reason=str(error)[:200]) from None
    reading = Reading()
    paths = _items_of(files)
    for number, path in enumerate(paths):
        if report is not None:
            report(number * 100 // len(paths))
        root = _parsed(files[path])
        if root is None:
            reading.refused.append(Refused(path, path, "not-xml"))
        elif root.tag == "assessmentItem":
            _item(reading, root, path, files)
        elif root.tag in ("assessmentTest", "assessmentSection", "assessmentStimulus"):
            reading.refused.append(Refused(path, root.get("title", path), "no-item", {"found": root.tag}))
    if not reading.items and not reading.refused:
        raise CannotRead("no-items")
    return reading


def _items_of(files: Mapping[str, bytes]) -> list[str]:
    """The files that may be items, in the manifest's order where there is one; the manifest itself is none."""
    candidates = [path for path in sorted(files) if path.lower().endswith(".xml")]
    manifest = next((path for path in candidates if posixpath.basename(path) == "imsmanifest.xml"), None)
    root = None if manifest is None else _parsed(files[manifest])
    named: list[str] = []
    if root is not None and manifest is not None:
        folder = posixpath.dirname(manifest)
        for resource in root.iter("resource"):
            if "qti" in (resource.get("type") or "") and resource.get("href"):
                path = posixpath.normpath(posixpath.join(folder, unquote(resource.get("href", ""))))
                if path in files:
                    named.append(path)
    rest = [path for path in candidates if posixpath.basename(path) != "imsmanifest.xml" and path not in named]
    return [*dict.fromkeys(named), *(rest if not named else [])]


def _item(reading: Reading, root: Element, path: str, files: Mapping[str, bytes]) -> None:
    name = root.get("title") or root.get("identifier") or path
    folder = posixpath.dirname(path)

    def picture(address: str) -> str | None:
        place = posixpath.normpath(posixpath.join(folder, unquote(address)))
        if not place.lower().endswith(PICTURES) or place not in files:
            return None
        return reading.picture(posixpath.basename(place), files[place])

    body = Body(root, picture)
    try:
        document = ItemReader(root, body).document()
    except NotOurs as refused:
        reading.refused.append(Refused(path, name, refused.code, refused.values))
        return
    inside = root.find("itemBody")
    extra = "" if inside is None else inside.get("dataKaona", "")
    reading.add(document, path, name, notes=tuple(dict.fromkeys(body.notes)), extra=extra)
