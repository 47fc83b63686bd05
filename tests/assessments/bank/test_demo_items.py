"""The demonstration's questions: every one can be used, every type is there."""

import random
from collections import Counter

import yaml

from webapp.assessments.bank.document import TYPES, cleaned, problems
from webapp.assessments.bank.responses import best_response
from webapp.assessments.bank.rules import score
from webapp.demo.bank import SOURCE, document_of


def test_every_question_of_the_demonstration_can_be_used():
    source = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    chance = random.Random(1)
    kinds = Counter(row["kind"] for row in source["items"])
    assert set(kinds) == set(TYPES) and kinds["essay"] == 4 and kinds.total() >= 58
    known = {row["key"] for row in source["categories"]}
    for row in source["items"]:
        document = cleaned(document_of(row, chance))
        assert problems(document) == [], row["q"]
        assert row["in"] in known
        if row["kind"] != "essay":
            assert score(document, best_response(document)).fraction == 1, row["q"]
