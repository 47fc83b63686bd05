"""Pages of the forecast: every figure leads to its people or seats, and the pages ask as much of many as of few."""

import re

import pytest

from tests.workforce.people import TODAY, roster
from webapp.workforce.queries import outlook

PAGES = (
    "/workforce", "/workforce?as_of=2026-10-01", "/workforce/posts/district-director/leaving?year=2570",
    "/workforce/posts/district-director/leaving?year=2571&so_far=1", "/workforce/posts/district-director/empty",
    "/workforce/posts/district-director/ready?in=1", "/workforce/posts/district-director/pool?year=2571",
    "/workforce/posts/district-director/pool?year=2571&source=post:assistant-district-director", "/workforce/chain?year=2571",
)  # fmt: skip


@pytest.fixture
def today(monkeypatch):
    monkeypatch.setenv("KAONA_TODAY", TODAY.isoformat())


def test_every_figure_of_the_overview_is_the_forecasts_and_leads_to_its_source(app, session, client, sign_in, today):
    roster(session)
    sign_in(client, role="executive")
    page = client.get("/workforce").text
    found = outlook(session, TODAY)
    director = found.forecasts["district-director"]
    assert (director.years[0].retiring, director.years[0].vacancies, director.years[0].ready) == (1, 47, (0, 6, 0, 0))
    assert found.gap("district-director", 0) == 47
    row = page[page.index('id="district-director"') :]
    figures = re.findall(r'<td class="number[^>]*>(?:<a href="([^"]+)">)?([\d,]+)', row)[:8]
    assert [shown for _url, shown in figures] == ["1", "47", "47", "0", "6", "0", "0", "47"]
    for url, _shown in figures:
        assert client.get(url.replace("&amp;", "&")).status_code == 200
    assert "ไม่ได้พยากรณ์การโอน การลาออก" in page
    assert client.get("/workforce?as_of=31/2/2569").status_code == 200


def test_the_lists_say_who_where_and_why(app, session, client, sign_in, today):
    roster(session)
    sign_in(client, role="commission")
    leaving = client.get("/workforce/posts/district-director/leaving?year=2570").text
    assert "20001" in leaving
    assert "20002" not in leaving
    assert "1 มี.ค. 2510" in leaving
    assert "30 ก.ย. 2570" in leaving
    empty = client.get("/workforce/posts/district-director/empty").text
    assert "46" in empty
    ready = client.get("/workforce/posts/district-director/ready?in=1").text
    assert all(str(number) in ready for number in range(20005, 20011))
    assert "/posts/district-director/eligibility/20005" in ready
    found = client.get("/workforce/posts/district-director/ready?in=1&q=20006").text
    assert "20006" in found
    assert "20005" not in found
    assert client.get("/workforce/posts/permanent-secretary/ready").status_code == 404
    assert client.get("/workforce/posts/none-such/leaving").status_code == 404


def test_the_chain_follows_a_directors_seat_to_the_assistants(app, session, today):
    roster(session)
    found = outlook(session, TODAY)
    director = found.chain(0).of("district-director")
    assert dict(director.filled) == {"post:assistant-district-director": 6}
    assert dict(found.chain(0).of("assistant-district-director").pulled) == {"district-director": 6}
    base = found.bases("assistant-district-director", 2)[0]
    assert (base.own, base.pulled, base.open) == (94, 6, 100)


def test_pages_ask_as_much_of_many_people_as_of_few(app, session, client, sign_in, statements, today):
    roster(session, 2, 3)
    sign_in(client, role="commission")
    few = {}
    for page in PAGES:
        with statements() as ran:
            assert client.get(page).status_code == 200, page
        few[page] = len(ran)
    roster(session, 3, 30, first=30001)
    for page in PAGES:
        with statements() as ran:
            client.get(page)
        assert len(ran) == few[page], page
    with client.session_transaction() as cookie:
        cookie["language"] = "en"
    assert client.get("/workforce").status_code == 200
