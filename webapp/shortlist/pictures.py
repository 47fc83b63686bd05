"""The ranking as a picture: bars with the line after the last listed name."""

from flask_babel import gettext as _

from webapp import charts
from webapp.language import language
from webapp.records.standings import Table

MOST_BARS = 15
"""More bars than this are no longer looked at; the table below has everybody."""


def bars(table: Table) -> charts.Picture:
    """The first of a ranking as bars, the line after those within it, ties across it flagged."""
    shown = table.first(max(MOST_BARS, table.listed))
    drawn = [
        charts.Bar(
            row.name_en if language() == "en" else row.name_th, float(row.composite), row.composite, str(row.rank),
            flag=_("เท่ากันคร่อมเส้น") if row.tied_at_line else "",
        )
        for row in shown
    ]  # fmt: skip
    line = table.listed if table.listed < len(shown) else None
    size = table.ranking.plan.size
    sentence = _(
        "จัดลำดับได้ %(ranked)s คน อยู่ใน %(size)s ลำดับแรก %(listed)s คน",
        ranked=table.ranked,
        size=size,
        listed=table.listed,
    )
    if table.tied:
        sentence += (". " if language() == "en" else " ") + _("มีผู้ที่ลำดับเท่ากันคร่อมเส้น %(count)s คน", count=len(table.tied))
    return charts.ranked_bars(drawn, title=_("คะแนนรวมตามลำดับ"), sentence=sentence, line_after=line,
                              line_word=_("%(count)s ลำดับแรก", count=size))  # fmt: skip
