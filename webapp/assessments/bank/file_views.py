"""Items by Excel: the empty form, and what the bank holds with its key. Both for those who may see the key."""

from typing import Any

from flask import Response, request
from flask_babel import gettext as _

from webapp import clock
from webapp.accounts.access import requires
from webapp.assessments.bank import queries, sheets
from webapp.assessments.views import blueprint
from webapp.database import db
from webapp.files.operations import XLSX
from webapp.language import language


@blueprint.get("/bank/form.xlsx")
@requires("assessments:item:change")
def bank_form() -> Any:
    """The form in which items can be written by Excel."""
    return _download(sheets.workbook([], created=clock.now(), language=language()), "items-form.xlsx")


@blueprint.get("/bank/items.xlsx")
@requires("assessments:item:change")
def bank_export() -> Any:
    """The latest version of every item of a category (or of all), one to a row; what no row can say is listed by its code."""
    branches = {row.id: row for row in queries.tree(db.session)}
    chosen = branches.get(request.args.get("category", type=int) or -1)
    rows, left_out = [], []
    for item, version in queries.latest_versions(db.session, chosen.beneath if chosen else ()):
        tags = [(tag.kind, tag.value) for tag in item.tags]
        row = sheets.row_of(version.document, " > ".join(branches[item.category_id].way), tags)
        if row is None:
            left_out.append((item.code, version.title, str(_("มีการให้คะแนนหรือเนื้อหาที่แถวเดียวบอกไม่ได้"))))
        else:
            rows.append(row)
    return _download(sheets.workbook(rows, created=clock.now(), language=language(), left_out=left_out), "items.xlsx")


def _download(content: bytes, name: str) -> Response:
    return Response(content, mimetype=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})
