"""A file a command writes: whole, or not at all."""

import os
import tempfile
from pathlib import Path

from webapp.errors import BadInput


def check_target(path: Path) -> None:
    """Say at once that a file cannot be written there, before the work is done. Raises ``BadInput``."""
    folder = path.parent
    if not folder.is_dir():
        raise BadInput("ไม่มีโฟลเดอร์ %(folder)s จึงเขียนไฟล์ไม่ได้", folder=str(folder))
    if path.is_dir():
        raise BadInput("%(file)s เป็นโฟลเดอร์ ระบุชื่อไฟล์ที่จะเขียน", file=str(path))
    if not os.access(folder, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise BadInput("เขียนไฟล์ %(file)s ไม่ได้ ไม่มีสิทธิ์เขียน", file=str(path))


class Whole:
    """``with Whole(path, content) as file: …; file.keep()``: written beside its place first, moved there when kept."""

    def __init__(self, path: Path, content: bytes) -> None:
        self.path, self.content = path, content
        self.draft: Path | None = None

    def __enter__(self) -> "Whole":
        try:
            with tempfile.NamedTemporaryFile(dir=self.path.parent, prefix=".kaona-", delete=False) as draft:
                self.draft = Path(draft.name)
                draft.write(self.content)
                draft.flush()
                os.fsync(draft.fileno())
            self.draft.chmod(0o666 & ~_umask())
        except OSError as error:
            self.__exit__()
            raise BadInput("เขียนไฟล์ %(file)s ไม่ได้: %(why)s", file=str(self.path), why=error.strerror or "") from error
        return self

    def keep(self) -> None:
        """Put the file in its place."""
        assert self.draft is not None
        try:
            self.draft.replace(self.path)
        except OSError as error:
            raise BadInput("เขียนไฟล์ %(file)s ไม่ได้: %(why)s", file=str(self.path), why=error.strerror or "") from error
        self.draft = None

    def __exit__(self, *_: object) -> None:
        if self.draft is not None:
            self.draft.unlink(missing_ok=True)


def _umask() -> int:
    before = os.umask(0)
    os.umask(before)
    return before
