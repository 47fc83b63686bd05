"""Steps that somebody takes on a page: the form of a step, and carrying it out so that a refusal is shown in the form."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField

from webapp.database import db
from webapp.errors import Refused, RuleBroken
from webapp.fields import ReasonField


class StepForm(FlaskForm):
    """A step that only needs the page to be the present one."""

    version = HiddenField()
    key = HiddenField()

    def seen(self) -> int | None:
        """The version of the run that the page showed."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


class ReasonForm(StepForm):
    """A step with its reason."""

    reason = ReasonField()


def carried_out(form: Any, work: Callable[[], Any]) -> Any:
    """Do the work and commit; a rule that says no is shown in the form, and nothing is written."""
    try:
        done = work()
        db.session.commit()
    except RuleBroken as refused:
        db.session.rollback()
        form.form_errors.append(_(refused.message, **refused.values))
        return None
    except Refused:
        db.session.rollback()
        raise
    return done
