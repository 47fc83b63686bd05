"""Handing a stored file to a browser: always as a download, never as a page of ours."""

from flask import Response, send_file

from webapp.errors import NotFound
from webapp.files.models import StoredFile
from webapp.files.operations import path_of


def send(file: StoredFile) -> Response:
    """The file as a download under its own name. Raises ``NotFound`` when its content is gone from the disk.

    Whether the reader may have it is for the room that links the file to decide, before calling this.
    """
    path = path_of(file)
    if not path.exists():
        raise NotFound("ไม่พบเนื้อหาของไฟล์ %(name)s ในที่เก็บ กรุณาแจ้งผู้ดูแลระบบ", name=file.name)
    response = send_file(path, mimetype=file.media_type, as_attachment=True, download_name=file.name, etag=file.sha256)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response
