"""Forms of the room: shape of the input, labels and help."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import Length

from webapp.fields import ReasonField, Required


class ScenarioForm(FlaskForm):
    """A question about a post, kept with its reason."""

    key = HiddenField()
    name = StringField(_l("ชื่อฉากทัศน์"), [Required(), Length(max=200)])
    reason = ReasonField(_l("เหตุผลที่ศึกษาฉากทัศน์นี้"))
