"""The question bank: items, their versions, review, pictures; and how a response to one is marked.

An item version holds one **item document**, plain JSON (``document.py`` cleans and checks it, ``rules.score`` marks
by it, ``presenting.py`` makes what a candidate gets, without the key). Exams, importers, exporters and statistics all
work on this one form.

Numbers are exact text: ``"1"``, ``"0.25"``, ``"-1/3"``. A **fraction** is a share of the item's points: 1 is full
marks, negative takes away. Rich text (marked *rich*) is the small subset of HTML that ``richtext.py`` keeps; pictures
stand in it as ``<img src="picture:SHA256" alt="…">``. Every text has a Thai and an English form, ``…_th`` and
``…_en``; either may be empty. Absent keys take the defaults given here; unknown keys are dropped.

Every document::

    {"format": 1,
     "type": "single" | "multiple" | "true-false" | "matching" | "ordering" | "numeric" | "text" | "essay",
     "title_th", "title_en":    plain, what staff call it; empty: the beginning of the stem
     "stem_th", "stem_en":      rich, the question; one of the two is required
     "points": "1",             above 0, full marks
     "shuffle": true,           whether choices, sources and targets are shuffled (ordering entries always are)
     "feedback_th/_en", "feedback_correct_th/_en", "feedback_partial_th/_en", "feedback_incorrect_th/_en": rich, "",
     "scoring": {"rule": …,     below, by type
                 "lower": "0",  fraction below which the mark never falls; null: none (QTI lowerBound)
                 "upper": "1",  fraction above which it never rises, at most 1 (QTI upperBound)
                 "default": "0",    what anything not listed gives (QTI defaultValue): pairs, answers
                 "unanswered": "0"}}   what no answer gives

By type, with its response and how it is marked:

single, true-false
    ``choices``: [{"id", "text_th", "text_en" (rich), "fraction": "0", "fixed": false, "feedback_th", "feedback_en"
    (rich)}]; of true-false exactly ``"true"`` and ``"false"``, their texts may stay empty (ถูก, ผิด). ``fixed`` keeps
    its place when shuffled. Response ``{"choice": "a"}``. Rule ``"sum"``: the chosen one's fraction, within bounds
    (a choice that takes marks away needs ``"lower": null``).
multiple
    ``choices`` as above, ``min_choices`` 0, ``max_choices`` 0 (0: any). Response ``{"choices": ["a", "c"]}``.
    Rule ``"sum"``: the sum of the chosen ones' fractions, within bounds (Moodle's multiple answers; QTI mapResponse).
    Rule ``"all-or-nothing"``: 1 when exactly the choices with a fraction above 0 are chosen (QTI match_correct).
    More than ``max_choices``: void, marked as ``default``.
matching
    ``sources`` and ``targets``: [{"id", "text_th", "text_en" (rich), "fixed": false, "max"}]; ``max`` is how often it may be
    used, 0: any; default 1 for sources, 0 for targets. ``pairs``: [{"source", "target", "fraction"}].
    Response ``{"pairs": [["s1", "t2"], …]}``. Rule ``"sum"``: each different pair gives its fraction, one not listed
    ``default``, within bounds. Rule ``"all-or-nothing"``: exactly the pairs with a fraction above 0.
ordering
    ``entries``: [{"id", "text_th", "text_en" (rich)}]; ``order``: every id in the right order.
    Response ``{"order": ["e2", null, "e1"]}``, null for a place left open. Rules: ``"all-or-nothing"``; ``"position"``
    share of entries in their place; ``"next"`` share followed by the right one; ``"next-or-last"`` the same and the last
    one last; ``"neighbors"`` right neighbor before and after; ``"all-pairs"`` share of pairs in the right order;
    ``"longest-run"`` longest subset in order; ``"longest-block"`` longest run without gap; ``"distance"`` nearness to
    the right place. (They are those of Moodle's ordering question, in its order: -1 to 7.)
numeric
    ``answers``, the first that fits counts: {"value": "3.14", "mode": "exact" | "absolute" | "relative", "below": "0.01",
    "above": "0.01", …} (relative: shares of the value, 0.05 is 5 %) or {"low": "1" | null, "high": "2" | null, …}, each with
    "low_open": false, "high_open": false (open: the end itself does not count), "fraction": "1", "feedback_th/_en".
    ``units``: [{"text": "กม.", "factor": "1"}] (number × factor = number in the answers' unit), ``unit_required`` false.
    Response ``{"value": "1,250 บาท"}``: Thai digits, thousands commas, an exponent. Rule ``"sum"``.
text
    ``answers``, the first that fits counts: {"text": "กรุงเทพ*", "fraction": "1", "case": false, "wildcards": true,
    "feedback_th/_en"}; ``*`` stands for any letters, ``\\*`` for a star. ``compare``: ``"normalized"`` (one spelling of what
    looks the same, Thai digits as Arabic, single spaces) or ``"exact"``. Response ``{"text": "…"}``. Rule ``"sum"``.
essay
    ``rubric``: [{"id", "name_th", "name_en" (plain), "points": "10", "levels": [{"points": "10", "text_th", "text_en"
    (plain)}]}]; fraction = Σ points given / Σ points. ``model_th``, ``model_en``, ``note_th``, ``note_en`` (rich, for
    markers), ``template_th``, ``template_en`` (plain, what the box begins with), ``min_words``, ``max_words`` (0: none;
    advice to the candidate, never scored), ``lines`` 15. Response ``{"text": "…"}``. ``rules.score`` answers "to-mark";
    ``rules.rubric_mark`` marks.

A response that is ``{}``, null or holds nothing usable is unanswered. Responses never hold what is not in the document:
``responses.tidy`` drops it.
"""
