"""XML and zip files of strangers, opened with care: nothing expands, nothing is nested too deeply, nothing is read unasked."""

import io
import zipfile
import zlib
from collections.abc import Mapping
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from webapp.assessments.bank.formats import CannotRead

MOST_FILES = 5_000
MOST_BYTES = 256 * 1024 * 1024
LARGEST_FILE = 24 * 1024 * 1024
"""A package larger than this when unpacked is refused before it is unpacked."""
BOMB_BYTES, BOMB_RATIO = 1024 * 1024, 200
"""A part this large that was packed this tightly is no text and no picture."""
DEEPEST = 200
"""How deep elements stand in each other at most; questions need some thirty."""


class _Shallow(TreeBuilder):
    """Builds a tree that is nested no deeper than questions are."""

    depth = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self.depth += 1
        if self.depth > DEEPEST:
            raise CannotRead("too-deep")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self.depth -= 1
        return super().end(tag)


def parsed(content: bytes) -> Element | None:
    """The XML's outermost element; None for what is no XML.

    Raises ``CannotRead`` for what is nested too deeply or declares entities, which could reach for other files or swell.
    """
    parser = DefusedXMLParser(target=_Shallow())
    try:
        parser.feed(content)
        root: Element = parser.close()
    except DefusedXmlException:
        raise CannotRead("entities") from None
    except (ParseError, LookupError):
        return None
    return root


class Package:
    """A zip file; its parts are unpacked when they are asked for. Raises ``CannotRead`` for what is none or is too large."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            entries = [info for info in self._zip.infolist() if not info.is_dir()]
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError):
            raise CannotRead("not-zip") from None
        if any(
            info.file_size > BOMB_BYTES and info.file_size > BOMB_RATIO * max(info.compress_size, 1) for info in entries
        ):
            raise CannotRead("bomb")
        if len(entries) > MOST_FILES or sum(info.file_size for info in entries) > MOST_BYTES:
            raise CannotRead("package-too-large", files=MOST_FILES, megabytes=MOST_BYTES // 2**20)
        self.names: Mapping[str, zipfile.ZipInfo] = {info.filename: info for info in entries}

    def read(self, name: str) -> bytes | None:
        """A part's content; None where it is not there, too large or locked. Raises ``CannotRead`` for a damaged one."""
        info = self.names.get(name)
        if info is None or info.file_size > LARGEST_FILE or info.flag_bits & 1:
            return None
        try:
            return self._zip.read(info)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError, zlib.error):
            raise CannotRead("not-zip") from None


class _Nothing(Package):
    """A file that stands alone: nothing beside it."""

    def __init__(self) -> None:
        self.names = {}


NOTHING = _Nothing()
