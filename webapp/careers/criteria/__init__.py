"""Criteria: a rule tree kept as data, judged by one vectorized function over columns of facts.

The document of a tree (JSON or YAML; kept with a profile version, an entry rule of a course, a scenario) is one node.
A profile's criteria are one ``all`` node whose children are the *top level*, in the order in which they are shown.

Every node
    ``id``       required, unique in the tree: lower-case letters, digits and single hyphens (``dd-assistant-tenure``)
    ``kind``     required: one of the kinds below
    ``name_th``, ``name_en``      what a reader sees (a sentence without a full stop)
    ``reason_th``, ``reason_en``  why it exists and where its number comes from; publication needs it at every node below
                 the root (a child inside a group may lean on the group's reason: it then has none of its own)
    ``source``   where it stands ("minutes 3/2562, 6.4 (1) 2"); ``ours: true`` where it is our reading, not theirs

Groups (``of``: the children, at least one)
    ``{"kind": "all", "of": [...]}``
    ``{"kind": "any", "of": [...]}``
    ``{"kind": "at_least", "k": 2, "of": [...]}``       1 <= k <= number of children

Leaves (the parameter that what-if questions may change is marked *)
    ``tenure``         ``match``, ``years``*, ``acting``, ``now``
                       in all, at least so many years in matching postings; years 0: a matching posting begun at all.
                       ``now: true``: a matching posting must also be open on the as-of day ("currently holds").
    ``sections``       ``min``*, ``while_holding``: post code or absent
                       put in charge of so many distinct sections by delegation
    ``districts``      ``match``, ``min``*, ``acting``
                       matching postings in so many different district offices
    ``works``          ``works``*            so many evidenced works, done and verified
    ``qualification``  ``code``              holds the qualification
    ``course``         ``code``              passed the course or an accepted equivalent of it (from the course catalog)
    ``competency``     ``groups``: list of competency groups of the profile, absent or null for all
                       latest ratings at or above the profile's expected levels
    ``posting_and_works``  ``match``, ``works``*, ``acting``
                       a matching posting begun at all, and so many evidenced works

``match`` names what a posting must be; at least one of ``post``, ``position_type``, ``level`` and any of
    ``post`` (post code), ``position_type``, ``level`` (needs ``position_type``), ``unit_kind`` (district, bureau, ...).
``acting`` (default false): acting postings count too. ``years`` may be a whole number or a decimal as text ("1.5").

Example (district director)::

    {"id": "dd", "kind": "all", "of": [
      {"id": "dd-standard", "kind": "qualification", "code": "standard-managerial-high"},
      {"id": "dd-assistant-tenure", "kind": "tenure", "match": {"post": "assistant-district-director"}, "years": 2},
      {"id": "dd-sections", "kind": "sections", "min": 7},
      {"id": "dd-course", "kind": "course", "code": "district-director-course"},
      {"id": "dd-competency", "kind": "competency"}]}

Example (part of assistant district director)::

    {"id": "add-experience", "kind": "any", "of": [
      {"id": "add-managerial-primary", "kind": "tenure",
       "match": {"position_type": "managerial", "level": "primary"}, "years": 2},
      {"id": "add-section-head-districts", "kind": "districts",
       "match": {"post": "section-head", "position_type": "knowledge"}, "min": 2},
      {"id": "add-section-head-bureau", "kind": "posting_and_works",
       "match": {"post": "bureau-section-head", "position_type": "knowledge"}, "works": 1},
      {"id": "add-general-districts", "kind": "districts",
       "match": {"position_type": "general", "level": "senior"}, "min": 3},
      {"id": "add-general-bureau", "kind": "posting_and_works",
       "match": {"position_type": "general", "level": "senior", "unit_kind": "bureau"}, "works": 1}]}

Example (entry rule of the assistant course: holds on the last day of applications)::

    {"id": "add-entry", "kind": "any", "of": [
      {"id": "add-entry-managerial", "kind": "tenure", "now": true, "years": 0,
       "match": {"position_type": "managerial", "level": "primary", "unit_kind": "bureau"}},
      {"id": "add-entry-knowledge", "kind": "tenure", "now": true, "years": 1,
       "match": {"position_type": "knowledge", "level": "senior-professional"}},
      {"id": "add-entry-general", "kind": "tenure", "now": true, "years": 2,
       "match": {"position_type": "general", "level": "senior"}}]}

Competencies of a profile, as the judge needs them: a list of
``{"competency": "integrity", "group": "core", "expected_level": 4}``; shipped groups are ``core``, ``bma-executive`` and
``post-specific``. Accepted equivalents of a course come with the facts, not with the tree.
Rules of the evaluation: domain page §3, "How criteria are evaluated".
"""
