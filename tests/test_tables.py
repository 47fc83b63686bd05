"""What a reader asked of a table is kept within what is allowed."""

from werkzeug.datastructures import MultiDict

from webapp.tables import MANY_WORDS, PAGE_SIZE, Column, Filter, TableView, read_table

COLUMNS = (
    Column("name", "ชื่อ", sortable=True, always=True),
    Column("hours", "ชั่วโมง", sortable=True, numeric=True),
    Column("note", "หมายเหตุ", shown=False),
)
FILTERS = (Filter("status", "สถานะ", (("enrolled", "กำลังอบรม"), ("completed", "จบแล้ว"))),)


def asked(**arguments: object) -> TableView:
    pairs = MultiDict()
    for key, value in arguments.items():
        pairs.setlist(key, value if isinstance(value, list) else [value])
    return read_table(COLUMNS, pairs, path="/people", sort="name", filters=FILTERS)


def test_nothing_asked_gives_the_usual_order_first_page_and_usual_columns() -> None:
    view = asked()
    assert (view.sort, view.descending, view.page, view.offset, view.limit) == ("name", False, 1, 0, PAGE_SIZE)
    assert view.picked == {"name", "hours"}
    assert view.link() == "/people"
    assert not view.narrowed


def test_what_is_not_allowed_is_ignored() -> None:
    view = asked(sort="password", dir="desc", status="secret", page="-4", columns=["password"])
    assert (view.sort, view.descending, view.page, view.chosen) == ("name", False, 1, {"status": ""})
    assert view.picked == {"name", "hours"}
    assert asked(sort="note").sort == "name"


def test_odd_page_numbers_are_the_first_page() -> None:
    for page in ("0", "", "๒", "²", "1e3", "99999999999", "x"):
        assert asked(page=page).page == 1


def test_words_are_tidied_and_bounded() -> None:
    assert asked(q="  สม   ชาย ").words == "สม ชาย"
    assert len(asked(q="ก" * 500).words) == MANY_WORDS


def test_a_column_head_turns_the_order_around_and_goes_back_to_the_first_page() -> None:
    view = asked(sort="hours", page="3", q="สม")
    heads = {head.key: head for head in view.heads}
    assert heads["hours"].order == "ascending"
    assert heads["hours"].link.endswith("sort=hours&dir=desc")
    assert heads["name"].link.endswith("sort=name&dir=asc")
    assert "page" not in heads["hours"].link
    assert "q=" in heads["hours"].link
    assert heads["hours"].numeric
    assert not heads["name"].numeric


def test_columns_that_may_not_be_put_away_stay() -> None:
    view = asked(columns=["note"])
    assert view.picked == {"name", "note"}
    assert [head.key for head in view.heads] == ["name", "note"]
    assert view.heads[1].link == ""


def test_the_last_page_may_be_short_and_an_empty_table_has_one_page() -> None:
    view = asked(page="3").counted(101)
    assert (view.pages, view.first, view.last) == (3, 101, 101)
    assert (asked().counted(0).pages, asked().counted(0).first, asked().counted(0).last) == (1, 0, 0)


def test_exactly_one_full_page_is_one_page() -> None:
    assert asked().counted(PAGE_SIZE).pages == 1
    assert asked().counted(PAGE_SIZE + 1).pages == 2


def test_near_pages_show_the_ends_and_gaps() -> None:
    assert asked(page="9").counted(1000).near_pages() == [1, 0, 7, 8, 9, 10, 11, 0, 20]
    assert asked().counted(10).near_pages() == [1]


def test_export_carries_what_is_seen_but_no_page() -> None:
    view = asked(q="สม", status="enrolled", sort="hours", dir="desc", page="2", columns=["name", "note"])
    link = view.export_link("/people/export", format="xlsx")
    assert link.startswith("/people/export?q=")
    assert link.endswith("columns=name&columns=note&format=xlsx")
    assert "status=enrolled&sort=hours&dir=desc" in link
    assert "page=" not in link


def test_showing_everything_keeps_the_order() -> None:
    assert asked(q="สม", status="enrolled", sort="hours", page="2").everything_link() == "/people?sort=hours&dir=asc"


def test_a_form_carries_the_rest_of_the_question_along() -> None:
    view = asked(q="สม", status="enrolled", sort="hours", page="2")
    assert view.hidden("q", "status") == [("sort", "hours"), ("dir", "asc")]


def test_further_arguments_of_the_page_are_kept() -> None:
    view = read_table(COLUMNS, MultiDict({"tab": "past"}), path="/people", sort="name", keep=("tab",))
    assert view.page_link(2) == "/people?tab=past&page=2"
