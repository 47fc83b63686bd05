"""The pages of marking, by audience."""

from webapp.assessments.exams.marking import essay_views as _essays  # noqa: F401
from webapp.assessments.exams.marking import regrade_views as _regrades  # noqa: F401
from webapp.assessments.exams.marking import result_views as _results  # noqa: F401
from webapp.assessments.exams.marking import staff_essay_views as _staff  # noqa: F401
