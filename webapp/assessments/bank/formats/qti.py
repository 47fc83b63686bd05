"""IMS QTI 2.1, 2.2 and 3.0: a package (zip) or a single item, read into item documents with the file's own scoring."""

import posixpath
from collections.abc import Callable
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from webapp.assessments.bank.formats import CannotRead, Reading, Refused, check_count
from webapp.assessments.bank.formats.packages import NOTHING, Package, parsed
from webapp.assessments.bank.formats.qti_fitting import NotOurs
from webapp.assessments.bank.formats.qti_item import ItemReader
from webapp.assessments.bank.formats.qti_text import Body, normalized

PICTURES = (".png", ".jpg", ".jpeg", ".gif")
Report = Callable[[int], None]


def read(content: bytes, name: str = "", report: Report | None = None) -> Reading:
    """Every item of a package or of a single file. Raises ``CannotRead`` where it is neither."""
    if content[:2] == b"PK":
        return _package(Package(content), report)
    root = parsed(content)
    if root is None:
        raise CannotRead("not-qti", found=name)
    root = normalized(root)
    if root.tag == "questestinterop":
        raise CannotRead("old-qti")
    if root.tag != "assessmentItem":
        raise CannotRead("not-qti", found=root.tag[:60])
    reading = Reading()
    _item(reading, root, name or root.get("identifier", "1"), NOTHING)
    return reading


def _package(package: Package, report: Report | None) -> Reading:
    reading, old = Reading(), False
    paths = _items_of(package, reading)
    check_count(len(paths))
    for number, path in enumerate(paths):
        if report is not None:
            report(number * 100 // len(paths))
        root = parsed(package.read(path) or b"")
        if root is None:
            reading.refused.append(Refused(path, path, "not-xml"))
            continue
        root = normalized(root)
        old = old or root.tag == "questestinterop"
        if root.tag == "assessmentItem":
            _item(reading, root, path, package)
        elif root.tag in ("assessmentTest", "assessmentSection"):
            reading.refused.append(Refused(path, root.get("title", path), "no-item", {"found": root.tag}))
    if not reading.items and not reading.refused:
        raise CannotRead("old-qti" if old else "no-items")
    return reading


def _items_of(package: Package, reading: Reading) -> list[str]:
    """The files that may be items, in the manifest's order where there is one; the manifest itself is none.

    An item that the manifest names and the package lacks is refused by name.
    """
    candidates = [path for path in package.names if path.lower().endswith(".xml")]
    manifest = next((path for path in candidates if posixpath.basename(path) == "imsmanifest.xml"), None)
    root = None if manifest is None else parsed(package.read(manifest) or b"")
    named: list[str] = []
    if root is not None and manifest is not None:
        folder = posixpath.dirname(manifest)
        for resource in normalized(root).iter("resource"):
            kind, address = resource.get("type") or "", resource.get("href") or ""
            if "qti" not in kind or not address:
                continue
            path = posixpath.normpath(posixpath.join(folder, unquote(address)))
            if path in package.names:
                named.append(path)
            elif "item" in kind:
                reading.refused.append(Refused(path, path, "file-missing"))
    rest = [path for path in candidates if posixpath.basename(path) != "imsmanifest.xml"]
    return list(dict.fromkeys(named)) or rest


def _item(reading: Reading, root: Element, path: str, package: Package) -> None:
    name = root.get("title") or root.get("identifier") or path
    body = _body(reading, root, path, package)
    try:
        body.before = "".join(
            _stimulus(reading, body, ref, path, package) for ref in root.iter("assessmentStimulusRef")
        )
        document = ItemReader(root, body).document()
    except NotOurs as refused:
        reading.refused.append(Refused(path, name, refused.code, refused.values))
        return
    inside = root.find("itemBody")
    extra = "" if inside is None else inside.get("dataKaona", "")
    reading.add(document, path, name, notes=tuple(dict.fromkeys(body.notes)), extra=extra)


def _body(reading: Reading, root: Element, path: str, package: Package) -> Body:
    """The texts of a file whose pictures and pages stand beside it in the package."""

    def place_of(address: str) -> str:
        return posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(address)))

    def picture(address: str) -> str | None:
        if address.startswith("data:"):
            return reading.inline_picture(address)
        place = place_of(address)
        if place not in package.names:
            return None
        content = package.read(place) if place.lower().endswith(PICTURES) else None
        return reading.picture(posixpath.basename(place), content) if content else ""

    def document(address: str) -> str | None:
        content = package.read(place_of(address))
        return None if content is None else content.decode("utf-8", errors="replace")

    return Body(root, picture, document)


def _stimulus(reading: Reading, body: Body, ref: Element, path: str, package: Package) -> str:
    """What the item refers to in a file of its own, so that it stands before the question."""
    place = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(ref.get("href", ""))))
    content = package.read(place)
    root = None if content is None else parsed(content)
    inside = None if root is None else normalized(root).find("stimulusBody")
    if root is None or inside is None:
        body.notes.append("stimulus-left-out")
        return ""
    stimulus = _body(reading, root, place, package)
    text = f"<div>{stimulus.inner(inside)}</div>"
    body.notes += stimulus.notes
    return text
