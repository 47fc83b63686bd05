"""What can be refused, and how the refusal reads.

Every refusal carries one sentence for the reader, in Thai source text that the language layer translates:
what is wrong, where, and what would be right.
"""

from typing import Any


class Refused(Exception):
    """Something asked for was not done; ``message`` says why, to the person who asked.

    ``message`` may hold ``%(name)s`` placeholders, filled from the keyword values after translation.
    """

    status = 400

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message, values)
        self.message = message
        self.values = values

    def __str__(self) -> str:
        return str(self.message) % self.values if self.values else str(self.message)


class RuleBroken(Refused):
    """A rule of the institute says no (HTTP 422)."""

    status = 422


class Conflict(Refused):
    """Somebody else was faster, or the thing has changed since it was read (HTTP 409)."""

    status = 409


class NotFound(Refused):
    """It is not here, or not the reader's to see: the two answer alike (HTTP 404)."""

    status = 404

    def __init__(self, message: str = "ไม่พบสิ่งที่ขอ หรือท่านไม่มีสิทธิ์ดู", **values: Any) -> None:
        super().__init__(message, **values)


class NotAllowed(NotFound):
    """The actor holds no right to do this; shown exactly as :class:`NotFound`."""


class BadInput(Refused):
    """A file or an argument cannot be used at all (HTTP 400, exit code 2)."""
