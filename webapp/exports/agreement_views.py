"""Agreement between the members of a panel as a workbook."""

import io
from typing import Any

from flask_babel import gettext as _

from webapp import audit, clock
from webapp.accounts.access import requires
from webapp.assessments.panels.agreement_views import agreement_of, asked_of, said_name
from webapp.assessments.reliability.book import write
from webapp.database import db
from webapp.errors import NotFound
from webapp.exports.lists import take
from webapp.exports.operations import XLSX, Taken, plain_name
from webapp.exports.views import blueprint
from webapp.language import language
from webapp.spreadsheets.writing import Book


@blueprint.get("/cohorts/<code>/scores/<component>/agreement.xlsx")
@requires("assessments:score:export")
def agreement(code: str, component: str) -> Any:
    """The figures with their chart; people's marks go along only once they are released."""
    asked = asked_of(code, component)
    if asked.waits:
        raise NotFound()
    found = agreement_of(asked)
    cohort = asked.desk.cohort
    title = f"{_('ความสอดคล้องของกรรมการ')}: {said_name(asked.desk.component)} · {said_name(cohort)}"
    content = io.BytesIO()
    length, head = audit.head_of(db.session)
    with Book(content, created=clock.now(), title=title, language=language()) as book:
        write(book, title, found, with_marks=asked.released)
        for sheet in book.workbook.worksheets():
            book.footer(sheet, _("บันทึกการตรวจสอบ %(length)s: %(head)s", length=length, head=head))
    name = f"{plain_name(f'agreement-{cohort.code}-{component}')}.xlsx"
    facts: dict[str, object] = {"component": component, "purpose": asked.purpose, "people": found.people}
    return take(Taken(name, content.getvalue(), XLSX, "exports:agreement:take", "cohort", cohort.code, facts))
