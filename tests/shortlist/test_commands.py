"""The commands as a machine calls them: one JSON document on standard output, exit codes, sentences on standard error."""

import json

from sqlalchemy import text

from tests.shortlist import world


def test_rank_run_and_verify_speak_the_contract(session, kaona):
    world.five_and_more(session)
    code, out, _ = kaona("cohort", "rank", "DD-2569-1", "--json")
    ranked = json.loads(out)
    assert code == 0
    assert list(ranked) == ["cohort", "size", "plan_version", "run_id", "status", "entries", "unranked"]
    assert (ranked["run_id"], ranked["status"], ranked["size"], ranked["plan_version"]) == (None, None, 5, 1)
    assert [e["rank"] for e in ranked["entries"]] == [1, 2, 3, 4, 5, 5]
    assert [e["tied_at_line"] for e in ranked["entries"]] == [False] * 4 + [True] * 2
    code, out, _ = kaona("shortlist", "run", "DD-2569-1", "--size", "3", "--json")
    frozen = json.loads(out)
    assert (code, frozen["size"], frozen["status"]) == (0, 3, "draft")
    assert sum(e["shortlisted"] for e in frozen["entries"]) == 3
    assert kaona("shortlist", "verify", str(frozen["run_id"]))[0] == 0
    session.execute(text("update shortlist_run set result = replace(result, '88.50', '88.51')"))
    session.commit()
    code, out, _ = kaona("shortlist", "verify", str(frozen["run_id"]), "--json")
    assert code == 1
    assert json.loads(out)["verified"] is False


def test_what_is_not_there_says_so(session, kaona):
    world.cohort(session)
    session.commit()
    for words, wanted in (
        (("cohort", "rank", "NO-SUCH", "--json"), 2),
        (("shortlist", "run", "NO-SUCH"), 2),
        (("shortlist", "verify", "77"), 2),
        (("cohort", "rank", "DD-2569-1", "--json"), 1),
        (("shortlist", "run", "DD-2569-1"), 1),
        (("cohort", "close", "DD-2569-1"), 1),
        (("cohort", "rank", "DD-2569-1", "--size", "0"), 2),
    ):
        code, out, error = kaona(*words)
        assert (code, out) == (wanted, ""), words
        assert error.strip()
        assert "Traceback" not in error


def test_close_writes_the_records_once(session, kaona):
    world.five_and_more(session)
    code, out, error = kaona("cohort", "close", "DD-2569-1", "--json")
    assert code == 0, error
    assert (json.loads(out)["passed"], json.loads(out)["created"]) == (6, 8)
    code, out, error = kaona("cohort", "close", "DD-2569-1", "--json")
    assert code == 0, error
    assert json.loads(out)["created"] == 0
    assert kaona("cohort", "close", "DD-2569-1", "--reopen")[0] == 1
    assert kaona("cohort", "close", "DD-2569-1", "--reopen", "--reason", "ตรวจใหม่")[0] == 0
