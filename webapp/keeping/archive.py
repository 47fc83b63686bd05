"""What a backup file is: a zip of the database, the jobs' book and the stored files, with a sealed list of contents.

``manifest.json`` names every member with its size and SHA-256 and is sealed under the audit key, so that a damaged, cut
or altered backup is refused. Keys given by the environment are never in it; those that a development instance keeps in
its data folder are, for without them its backup could not be opened again.
"""

import hashlib
import hmac
import json
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from webapp.database import canonical_json
from webapp.errors import BadInput, RuleBroken

FORMAT = 1
MANIFEST = "manifest.json"
MEMBER = re.compile(r"(database\.(sqlite|dump)|jobs\.sqlite|keys/[a-z]+\.key|files/[A-Za-z0-9._/-]+)")
CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Contents:
    """A backup that has been unpacked and found whole."""

    folder: Path
    manifest: dict[str, Any]
    audit_key: str

    def path(self, name: str) -> Path:
        return self.folder / name

    @property
    def names(self) -> list[str]:
        return sorted(self.manifest["members"])


def fingerprint(audit_key: str) -> str:
    """By which a backup says under which key it was sealed, without telling the key."""
    return hmac.new(audit_key.encode(), b"kaona backup key fingerprint", hashlib.sha256).hexdigest()


def seal(manifest: dict[str, Any], audit_key: str) -> str:
    """The keyed hash over everything else in the manifest."""
    content = canonical_json({key: value for key, value in manifest.items() if key != "seal"})
    return hmac.new(audit_key.encode(), content.encode(), hashlib.sha256).hexdigest()


def add(archive: zipfile.ZipFile, name: str, path: Path) -> dict[str, Any]:
    """Put a file into the archive under ``name``; its size and digest. What is compressed already is stored."""
    kind = zipfile.ZIP_STORED if name.startswith("files/") or name.endswith(".dump") else zipfile.ZIP_DEFLATED
    digest, size = hashlib.sha256(), 0
    entry = zipfile.ZipInfo.from_file(path, name, strict_timestamps=False)
    entry.compress_type = kind
    with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
    return {"size": size, "sha256": digest.hexdigest()}


def unpack(backup: Path, folder: Path, audit_key: str) -> Contents:
    """Unpack ``backup`` into ``folder`` and check every byte. Raises ``BadInput`` for a damaged one.

    A backup sealed under another key than ``audit_key`` and without its own is refused with ``RuleBroken``.
    """
    try:
        with zipfile.ZipFile(backup) as archive:
            manifest = _manifest(archive)
            for name, said in manifest["members"].items():
                _unpack_one(archive, name, said, folder)
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        KeyError,
        ValueError,
        TypeError,
        NotImplementedError,
    ) as error:
        raise BadInput(
            "ไฟล์สำรอง %(file)s เสียหายหรือไม่ใช่ไฟล์สำรองของก้าวหน้า ยังไม่มีสิ่งใดเปลี่ยนแปลง", file=backup.name
        ) from error
    return Contents(folder, manifest, _right_key(manifest, folder, audit_key, backup.name))


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
    if manifest["format"] != FORMAT or set(archive.namelist()) != {MANIFEST, *manifest["members"]}:
        raise ValueError("the list of contents does not fit")
    return manifest


def _unpack_one(archive: zipfile.ZipFile, name: str, said: dict[str, Any], folder: Path) -> None:
    if not MEMBER.fullmatch(name) or ".." in name.split("/"):
        raise ValueError(f"unexpected member {name}")
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, left = hashlib.sha256(), int(said["size"])
    with archive.open(name) as source, path.open("xb") as target:
        path.chmod(0o600)
        while chunk := source.read(CHUNK):
            left -= len(chunk)
            if left < 0:
                raise ValueError(f"{name} is larger than its list says")
            digest.update(chunk)
            target.write(chunk)
    if left or digest.hexdigest() != said["sha256"]:
        raise ValueError(f"{name} is not what was backed up")


def _right_key(manifest: dict[str, Any], folder: Path, audit_key: str, name: str) -> str:
    kept = folder / "keys/audit.key"
    for key in filter(None, (audit_key, kept.read_text().strip() if kept.exists() else "")):
        if hmac.compare_digest(fingerprint(key), str(manifest["key"])):
            if not hmac.compare_digest(seal(manifest, key), str(manifest["seal"])):
                raise BadInput("ไฟล์สำรอง %(file)s เสียหายหรือไม่ใช่ไฟล์สำรองของก้าวหน้า ยังไม่มีสิ่งใดเปลี่ยนแปลง", file=name)
            return key
    raise RuleBroken("ไฟล์สำรอง %(file)s ทำไว้ภายใต้กุญแจอื่น ตั้ง KAONA_AUDIT_KEY ให้ตรงกับระบบที่สำรองไว้ก่อน", file=name)
