"""``kaona import roster``, ``kaona eligibility`` and ``kaona workforce forecast`` against an independent reading of the
domain page, over services invented from a seed: officer by officer, criterion by criterion, figure by figure."""

import datetime as dt
import json

import pytest

from tests.independent_eligibility import EXPECTED, Reading, Service, fiscal_year

CHANGES = [
    {},
    {"dd-assistant-tenure.years": 1, "dd-sections.min": 4, "add-managerial-primary.years": 3,
     "add-section-head-districts.min": 1, "add-section-head-bureau.works": 2, "add-general-districts.min": 1,
     "add-general-bureau.works": 2},
    {"dd-assistant-tenure.years": 4, "dd-sections.min": 10, "add-managerial-primary.years": 1,
     "add-section-head-districts.min": 3, "add-general-districts.min": 2},
]  # fmt: skip
PREFIX = {"district-director": "dd-", "assistant-district-director": "add-", "section-head": "sh-"}


def differences(theirs, ours, where=""):
    """Where the two disagree; what only theirs has (a unit, a note) is theirs to say."""
    if isinstance(ours, dict):
        return [d for key in ours for d in differences(theirs.get(key, "nothing"), ours[key], f"{where}.{key}")]
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        return [
            d for n, (a, b) in enumerate(zip(theirs, ours, strict=True)) for d in differences(a, b, f"{where}[{n}]")
        ]
    return [] if theirs == ours else [f"{where}: the product says {theirs}, the page says {ours}"]


@pytest.mark.parametrize(
    ("any_database", "seed", "today"),
    [
        ("sqlite", 4, dt.date(2026, 3, 31)),
        ("sqlite", 7, dt.date(2026, 9, 30)),
        ("sqlite", 8, dt.date(2026, 10, 1)),
        ("postgresql", 3, dt.date(2028, 2, 29)),
    ],
    indirect=["any_database"],
)
def test_an_imported_roster_is_judged_and_forecast_as_the_page_says(
    any_database, kaona, monkeypatch, tmp_path, seed, today
):
    monkeypatch.setenv("KAONA_TODAY", today.isoformat())
    service = Service(seed, today)
    roster = tmp_path / "roster.xlsx"
    roster.write_bytes(service.workbook())
    code, out, _ = kaona("import", "roster", roster, "--json")
    assert code == 0, json.loads(out)["errors"]
    for post in EXPECTED:
        for day, changes in zip(service.days(), [*CHANGES, *CHANGES], strict=True):
            mine = {name: value for name, value in changes.items() if name.startswith(PREFIX[post])}
            settings = [word for name, value in mine.items() for word in ("--set", f"{name}={value}")]
            code, out, err = kaona("eligibility", post, "--as-of", day, *settings, "--json")
            assert code == 0, err
            theirs = json.loads(out)
            theirs["officers"].sort(key=lambda officer: officer["officer_no"])
            assert not differences(theirs, Reading(service, mine).eligibility(post, day), f"{post} on {day} {mine}")
    for first in (fiscal_year(today), fiscal_year(today) + 1):
        _, out, _ = kaona("workforce", "forecast", "--from", first, "--years", 7, "--json")
        theirs = {post["post"]: post for post in json.loads(out)["posts"]}
        ours = Reading(service).forecast(today, first, 7)
        assert not differences([theirs[post["post"]] for post in ours], ours, f"forecast on {today}")
