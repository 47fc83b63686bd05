"""Every import kind, in the order in which they depend on each other."""

from webapp.imports.kinds.attendance import AttendanceKind
from webapp.imports.kinds.coaching import CoachingKind
from webapp.imports.kinds.delegations import Delegations
from webapp.imports.kinds.enrollments import Enrollments
from webapp.imports.kinds.kind import Kind
from webapp.imports.kinds.officers import Officers
from webapp.imports.kinds.postings import Postings
from webapp.imports.kinds.ratings import Ratings
from webapp.imports.kinds.scores import ScoresKind
from webapp.imports.kinds.training import Training
from webapp.imports.kinds.units import Units
from webapp.imports.kinds.works import Works

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Units(),
        Officers(),
        Postings(),
        Delegations(),
        Works(),
        Training(),
        Ratings(),
        Enrollments(),
        AttendanceKind(),
        CoachingKind(),
        ScoresKind(),
    )
}
ROSTER = "roster"
"""One workbook with any of the kinds as sheets, all or nothing."""
