"""Career paths: what is refused and what to do instead, versions, the rule of a post and the decision that lifts it."""

import datetime as dt
import re
from typing import Any

import pytest
from sqlalchemy import select

from webapp import clock
from webapp.audit import AuditEntry
from webapp.careers import path_operations, path_queries, queries
from webapp.careers import path_rules as rules
from webapp.careers.models import CareerPath, CareerPathVersion, PathRuleLift
from webapp.careers.operations import fingerprint
from webapp.careers.shipped import load_reference_data
from webapp.errors import Conflict, RuleBroken

AROUND = rules.Surroundings(
    post="director",
    grades={("general", "senior"): 3, ("knowledge", "senior"): 7, ("managerial", "primary"): 10, ("managerial", "high"): 11},
    posts={"director": ("managerial", "high"), "assistant": ("managerial", "primary"), "head": ("knowledge", "senior")},
    through="assistant",
)  # fmt: skip
HEAD, ASSISTANT, DIRECTOR = {"post": "head", "years": 2}, {"post": "assistant", "years": 2}, {"post": "director"}
SENIOR = {"position_type": "general", "level": "senior"}


def refused(*steps: Any, around: rules.Surroundings = AROUND) -> str:
    with pytest.raises(RuleBroken) as refusal:
        rules.check_path(steps, around)
    return refusal.value.message


def test_a_sound_path_is_taken() -> None:
    rules.check_path([SENIOR, HEAD, HEAD, ASSISTANT, DIRECTOR], AROUND)


def test_what_is_refused_says_what_to_do() -> None:
    assert "เพิ่มขั้นก่อนบันทึก" in refused()
    assert "บันทึกมติยกเว้น" in refused(HEAD, DIRECTOR)
    assert "บันทึกมติยกเว้น" in refused(HEAD, {"post": "director"})
    assert "ขั้นสุดท้ายต้องเป็น" in refused(HEAD, ASSISTANT)
    assert "ลบขั้นที่ซ้ำ" in refused(DIRECTOR, ASSISTANT, DIRECTOR)
    assert "สลับลำดับ" in refused(ASSISTANT, HEAD, ASSISTANT, DIRECTOR)
    assert "สลับลำดับ" in refused(HEAD, SENIOR, ASSISTANT, DIRECTOR)
    assert "ต้องมีตำแหน่ง" in refused({"years": 3}, ASSISTANT, DIRECTOR)
    assert "ไม่พบตำแหน่ง" in refused({"post": "nobody"}, ASSISTANT, DIRECTOR)
    assert "ไม่พบประเภท" in refused({"position_type": "general", "level": "none"}, ASSISTANT, DIRECTOR)
    assert "0 ถึง" in refused({**HEAD, "years": 41}, ASSISTANT, DIRECTOR)
    assert "0 ถึง" in refused({**HEAD, "sections": -1}, ASSISTANT, DIRECTOR)
    assert "ชนิดของหน่วยงาน" in refused({**HEAD, "unit_kind": "moon"}, ASSISTANT, DIRECTOR)
    assert "ไม่เกิน" in refused(*[HEAD] * 14, ASSISTANT, DIRECTOR)


def test_without_the_rule_the_key_position_may_be_skipped() -> None:
    free = rules.Surroundings(post="director", grades=AROUND.grades, posts=AROUND.posts)
    rules.check_path([HEAD, DIRECTOR], free)


def test_a_decision_lifts_the_rule_on_both_its_ends_and_not_beyond() -> None:
    first, last = dt.date(2026, 1, 1), dt.date(2026, 6, 30)
    lift = rules.Lift(first, last)
    day = dt.timedelta(days=1)
    assert [rules.lifted_on(one, [lift]) for one in (first - day, first, last, last + day)] == [
        False,
        True,
        True,
        False,
    ]
    assert rules.lifted_on(dt.date(2099, 1, 1), [rules.Lift(first, None)])
    assert not rules.lifted_on(first, [rules.Lift(first, None, withdrawn=True)])


def test_steps_are_added_moved_and_taken_out() -> None:
    a, b = {"post": "a"}, {"post": "b"}
    assert rules.added([a, b], 1) == [a, {}, b]
    assert rules.moved([a, b], 0, 1) == [b, a]
    assert rules.moved([a, b], 0, -1) == rules.moved([a, b], 1, 1) == rules.moved([a, b], 9, -1) == [a, b]
    assert rules.removed([a, b], 0) == [b]


# In the database -----------------------------------------------------------------------------------------------------


def changed(session: Any, actor: Any, path: CareerPath, **values: Any) -> CareerPath:
    told = {
        "seen": fingerprint(path_operations.as_told(path)), "name_th": path.name_th, "name_en": path.name_en,
        "kind": path.kind, "reconstruction": path.reconstruction, "steps": path.steps, "reason": "ทดสอบ",
    }  # fmt: skip
    return path_operations.change_path(session, actor, path, **{**told, **values})


def test_a_changed_path_keeps_its_old_version_and_set_up_leaves_it_alone(session: Any, actor: Any) -> None:
    path = path_queries.path(session, "DD-01")
    shipped = list(path.steps)
    changed(session, actor, path, steps=[{**shipped[0], "years": 7}, *shipped[1:]], reason="ข้อสังเกต")
    assert (path.version, path.steps[0]["years"], path.reason) == (2, 7, "ข้อสังเกต")
    old = path_queries.version(session, path, 1)
    assert (old.steps, old.reconstruction) == (shipped, True)
    assert load_reference_data(session, actor).updated == 0
    assert path.steps[0]["years"] == 7
    entry = session.scalar(select(AuditEntry).where(AuditEntry.action == "careers:path:change"))
    assert entry is not None


def test_a_newer_release_of_an_untouched_path_keeps_the_version_before(session: Any, actor: Any) -> None:
    from webapp.careers import shipped

    path = path_queries.path(session, "DD-02")
    row = {
        name: getattr(path, name)
        for name in ("code", "name_th", "name_en", "post_id", "kind", "reconstruction", "steps", "position")
    }
    path.name_en, path.shipped = "Older", shipped.digest({**row, "name_en": "Older"})
    session.flush()
    assert load_reference_data(session, actor).updated == 1
    assert (path.version, path_queries.version(session, path, 1).name_en) == (2, "Older")


def test_stale_empty_and_unexplained_changes_are_refused(session: Any, actor: Any) -> None:
    path = path_queries.path(session, "DD-01")
    with pytest.raises(RuleBroken, match="ไม่มีอะไรเปลี่ยน"):
        changed(session, actor, path)
    with pytest.raises(RuleBroken, match="เหตุผล"):
        changed(session, actor, path, name_en="Other", reason=" ")
    with pytest.raises(Conflict):
        changed(session, actor, path, name_en="Other", seen="stale")
    assert session.scalar(select(CareerPathVersion)) is None


def test_a_directors_path_skips_the_key_position_only_by_a_decision_for_that_post(session: Any, actor: Any) -> None:
    post, other = queries.post(session, "district-director"), queries.post(session, "section-head")
    steps = [{"post": "section-head", "years": 4}, {"post": "district-director"}]
    add = {"code": "DD-16", "name_th": "ทางตรง", "kind": "district", "steps": steps, "reason": "ระยะสั้น"}
    with pytest.raises(RuleBroken, match="มติยกเว้น"):
        path_operations.add_path(session, actor, post, **add)
    lift = {"resolution": "มติ ก.ก. 1/2570", "valid_from": clock.today(), "reason": "ข้อสังเกตที่ 2"}
    with pytest.raises(RuleBroken, match="ไม่มีกฎ"):
        path_operations.lift_rule(session, actor, other, **lift)
    with pytest.raises(RuleBroken, match="เหตุผล"):
        path_operations.lift_rule(session, actor, post, **{**lift, "reason": " "})
    first = path_operations.lift_rule(session, actor, post, **lift)
    path = path_operations.add_path(session, actor, post, **add)
    bound = path_queries.rules(session)
    assert path_queries.paths_that_skip([path], bound, clock.today()) == {"DD-16": first}
    assert list(bound) == [post.id]
    path_operations.withdraw_lift(session, actor, post, first, reason="พอแล้ว")
    assert path_queries.paths_that_skip([path], path_queries.rules(session), clock.today()) == {"DD-16": None}
    second = path_operations.lift_rule(session, actor, post, **lift)
    assert (first.version, second.version) == (1, 2)
    assert len(session.scalars(select(PathRuleLift)).all()) == 2


def test_a_retired_path_leaves_the_map_and_comes_back_only_if_it_is_sound(session: Any, actor: Any) -> None:
    path = path_queries.path(session, "DD-03")
    path_operations.retire_path(session, actor, path, reason="ไม่มีผู้ใช้")
    assert path.code not in {one.code for one in queries.paths(session)}
    with pytest.raises(Conflict):
        path_operations.retire_path(session, actor, path, reason="ซ้ำ")
    path.steps = [path.steps[0], path.steps[-1]]
    with pytest.raises(RuleBroken):
        path_operations.resume_path(session, actor, path, reason="กลับมา")


# On the pages --------------------------------------------------------------------------------------------------------


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of the form as it stands."""
    from html.parser import HTMLParser

    found: dict[str, str] = {}

    class Reader(HTMLParser):
        select = ""

        def handle_starttag(self, tag: str, attrs: Any) -> None:
            a = dict(attrs)
            if tag == "input" and a.get("name") and (a.get("type") != "checkbox" or "checked" in a):
                found[a["name"]] = a.get("value") or ""
            if tag == "textarea":
                found[a["name"]] = ""
            if tag == "select":
                self.select = a["name"]
                found.setdefault(self.select, "")
            if tag == "option" and "selected" in a and self.select:
                found[self.select] = a.get("value") or ""

        def handle_endtag(self, tag: str) -> None:
            if tag == "select":
                self.select = ""

    Reader().feed(re.search(r"<main.*</main>", page, re.DOTALL)[0])  # type: ignore[index]
    return found


def test_the_editor_works_without_scripts(client: Any, sign_in: Any, session: Any) -> None:
    sign_in(client, role="commission")
    form = fields_of(client.get("/paths/DD-04/edit").text)
    assert form["steps-1-post"] == "section-head"
    longer = client.post("/paths/DD-04/edit", data={**form, "arrange": "add-1", "name_en": "Typed before"})
    assert longer.status_code == 200
    form = fields_of(longer.text)
    assert (form["steps-2-post"], form["steps-1-post"], form["name_en"]) == ("section-head", "", "Typed before")
    assert session.scalar(select(CareerPathVersion)) is None
    moved = fields_of(client.post("/paths/DD-04/edit", data={**form, "arrange": "down-1"}).text)
    assert (moved["steps-1-post"], moved["steps-2-post"]) == ("section-head", "")
    shorter = fields_of(client.post("/paths/DD-04/edit", data={**moved, "arrange": "remove-2"}).text)
    bad = client.post("/paths/DD-04/edit", data={**shorter, "steps-2-post": "", "reason": "x"})
    assert bad.status_code == 422
    assert "ขั้นที่ 3 ต้องมีตำแหน่ง" in bad.text
    saved = client.post("/paths/DD-04/edit", data={**shorter, "steps-0-years": "๕", "reason": "ปรับปี"})
    assert (saved.status_code, saved.location) == (303, "/paths/DD-04")
    assert session.scalar(select(CareerPath).where(CareerPath.code == "DD-04")).steps[0]["years"] == 5
    page = client.get("/paths/DD-04")
    assert "ปรับปี" in page.text
    assert client.get("/paths/DD-04/versions/1").status_code == 200
    assert client.get("/paths/DD-04/versions/9").status_code == 404


def test_a_rounded_number_is_never_guessed(client: Any, sign_in: Any) -> None:
    sign_in(client, role="commission")
    form = fields_of(client.get("/paths/DD-04/edit").text)
    bad = client.post("/paths/DD-04/edit", data={**form, "steps-0-years": "2.5", "reason": "x"})
    assert bad.status_code == 422
    assert "พิมพ์เป็นจำนวนเต็ม" in bad.text


def test_the_decision_is_recorded_shown_and_withdrawn_on_the_post(client: Any, sign_in: Any) -> None:
    sign_in(client, role="commission")
    page = "/posts/district-director/path-rule/lift"
    form = fields_of(client.get(page).text)
    answer = client.post(page, data={**form, "resolution": "มติ ก.ก. 2/2570", "reason": "ข้อสังเกตที่ 2"})
    assert answer.status_code == 303
    post = client.get("/posts/district-director").text
    assert "มติ ก.ก. 2/2570" in post
    page = "/posts/district-director/path-rule/lifts/1/withdraw"
    assert client.post(page, data={**fields_of(client.get(page).text), "reason": "ครบเวลา"}).status_code == 303
    assert "ยกเลิกแล้ว" in client.get("/posts/district-director").text
    assert client.get(page).status_code == 404


def test_the_map_asks_the_database_no_more_for_more_paths(
    client: Any, sign_in: Any, session: Any, statements: Any
) -> None:
    sign_in(client, role="officer")
    client.get("/paths")
    with statements() as many:
        client.get("/paths")
    for path in session.scalars(select(CareerPath).where(CareerPath.code > "DD-02")):
        path.retired_on = clock.today()
    session.commit()
    with statements() as few:
        client.get("/paths")
    assert len(many) <= len(few)
