"""The spread of marks in a scorecard workbook, held against the same figures worked out by hand."""

import io
import statistics

from openpyxl import load_workbook

from webapp.courses.queries import cohort_by_code
from webapp.exports.scorecards.book import workbook
from webapp.exports.scorecards.gathering import gather


def test_the_spread_of_composites_is_that_of_the_ranking_sheet(demo_app, session):
    material = gather(session, cohort_by_code(session, "DD-2568-1"))
    sheet = load_workbook(io.BytesIO(workbook(material)))["การกระจายของคะแนน"]
    rows = {row[0]: row[1:] for row in sheet.iter_rows(values_only=True) if row[0]}
    composites = [float(person.composite) for person in material.persons if person.rank is not None]
    count, mean, deviation, lowest, _first, median, _third, highest = rows["คะแนนรวมของผู้ได้จัดลำดับ"][:8]
    assert (count, lowest, highest) == (len(composites), min(composites), max(composites))
    assert mean == round(statistics.mean(composites), 2)
    assert deviation == round(statistics.stdev(composites), 2)
    assert median == round(statistics.median(composites), 2)
    assert len(rows) == 2 + 1 + len(material.components) + 1
