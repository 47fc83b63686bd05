"""The center's pages, gathered: set-up, people, timetable; then what happens in it."""

from webapp.assessments.center import outcome_views as _outcome  # noqa: F401
from webapp.assessments.center import people_views as _people  # noqa: F401
from webapp.assessments.center import schedule_views as _schedule  # noqa: F401
from webapp.assessments.center import setting_views as _setting  # noqa: F401
from webapp.assessments.center import washup_views as _washup  # noqa: F401
from webapp.assessments.center import work_views as _work  # noqa: F401
