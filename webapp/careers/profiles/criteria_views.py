"""Pages of a draft's rule trees: the outline with what is wrong at each criterion, and one form per criterion."""

from decimal import Decimal
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _

from webapp.accounts.access import current_actor, requires
from webapp.careers import queries as careers
from webapp.careers.criteria.tree import GROUPS, PARAMETER
from webapp.careers.pages import blueprint
from webapp.careers.profiles import criteria_operations, forms, operations, queries, rules, trees, words
from webapp.careers.profiles.pages import CHANGE, carried_out, draft_at, shown
from webapp.database import db

TREE = "any(criteria,entry)"
EDIT = f"/posts/<path:code>/profiles/<int:version>/edit/<{TREE}:part>"
MATCHING = ("tenure", "districts", "posting_and_works")
TEXTS = ("name_th", "name_en", "reason_th", "reason_en", "source", "source_en")


@blueprint.get(EDIT)
@requires(CHANGE)
def criteria_outline(code: str, version: int, part: str) -> Any:
    """The criteria as an outline: what each asks, what it lacks, and how many officers pass now and under the draft."""
    post, profile = draft_at(code, version)
    tree = profile.document.get(rules.TREES[part])
    rows = trees.outline(tree) if tree else []
    lacks: dict[str, list[rules.Lack]] = {}
    for lack in rules.lacks(profile.document, "…", queries.known(db.session)):
        if lack.part == part:
            lacks.setdefault(lack.key or (rows[0].node["id"] if rows else ""), []).append(lack)
    return shown(
        "criteria", post=post, version=version, part=part, rows=rows, lacks=lacks, groups=GROUPS,
        another_number=rules.says_another_number,
        names=queries.names_for_criteria(db.session), levels=careers.level_names(db.session),
        seen=operations.seen_of(tree), pool=pool_address(code, version),
    )  # fmt: skip


def pool_address(code: str, version: int, **changes: str) -> str:
    """The page of the room above that counts who passes; it is embedded by its address."""
    return url_for("careers.profile", code=code, version=version) + "/pool"


@blueprint.post(f"{EDIT}/start")
@requires(CHANGE)
def start_entry_rule(code: str, version: int, part: str) -> Any:
    """Begin an entry rule of the course."""
    _post, profile = draft_at(code, version)
    course = profile.document.get("course")
    named = careers.course(db.session, course) if course else None
    criteria_operations.start_entry_rule(
        db.session,
        current_actor(),
        profile,
        name_th=named.name_th if named else "",
        name_en=named.name_en if named else "",
    )
    db.session.commit()
    return redirect(url_for("careers.criteria_outline", code=code, version=version, part="entry"), 303)


@blueprint.post(f"{EDIT}/drop")
@requires(CHANGE)
def drop_entry_rule(code: str, version: int, part: str) -> Any:
    """Take the entry rule out of the draft."""
    _post, profile = draft_at(code, version)
    form = forms.SeenForm()
    answer = carried_out(
        form,
        lambda: criteria_operations.drop_entry_rule(db.session, current_actor(), profile, seen=form.seen.data or ""),
        _("ลบเกณฑ์เข้ารับการอบรมออกจากร่างแล้ว"),
        lambda _outcome: url_for("careers.draft", code=code, version=version),
    )
    return answer or shown(
        "refused", form, back=url_for("careers.criteria_outline", code=code, version=version, part=part)
    )


@blueprint.route(f"{EDIT}/add", methods=["GET", "POST"])
@requires(CHANGE)
def add_criterion(code: str, version: int, part: str) -> Any:
    """Add a criterion to a group: first what kind, then its form."""
    post, profile = draft_at(code, version)
    tree = criteria_operations.tree_of(profile, part)
    into = request.args.get("into") or str(tree["id"])
    group = trees.row_of(tree, into).node
    kind = request.args.get("kind", "")
    if kind not in words.KINDS:
        return shown("kind", post=post, version=version, part=part, into=into, group=group)
    form = _criterion_form(kind, profile)
    if form.validate_on_submit():
        answer = carried_out(
            form,
            lambda: criteria_operations.add_criterion(
                db.session, current_actor(), profile, part, into, values=_values(form, kind)
            ),
            _("เพิ่มเกณฑ์แล้ว"),
            lambda node_id: _outline(code, version, part, node_id),
        )
        if answer:
            return answer
    return shown(
        "criterion", form, post=post, version=version, part=part, kind=kind, node=None, group=group, groups=GROUPS,
        stable=False, seen="", seen_all="", nest=None, pool="", removable=False,
    )  # fmt: skip


@blueprint.route(f"{EDIT}/at/<node_id>", methods=["GET", "POST"])
@requires(CHANGE)
def change_criterion(code: str, version: int, part: str, node_id: str) -> Any:
    """Change one criterion, or see beforehand how many would pass with another number."""
    post, profile = draft_at(code, version)
    tree = criteria_operations.tree_of(profile, part)
    row = trees.row_of(tree, node_id)
    kind, node = str(row.node["kind"]), row.node
    own = trees.own_part(node)
    form = _criterion_form(kind, profile, data={**_data(own), "seen": operations.seen_of(own)})
    stable = node_id in queries.published_ids(db.session, post.id)
    if stable:
        del form.criterion_id
    if form.validate_on_submit() and "preview" not in request.form:
        answer = carried_out(
            form,
            lambda: criteria_operations.change_criterion(
                db.session, current_actor(), profile, part, node_id, seen=form.seen.data or "",
                values=_values(form, form.kind.data if "kind" in form else kind),
            ),
            _("บันทึกเกณฑ์แล้ว"),
            lambda kept: _outline(code, version, part, kept),
        )  # fmt: skip
        if answer:
            return answer
    return shown(
        "criterion", form, post=post, version=version, part=part, kind=kind, node=node, group=None, groups=GROUPS,
        stable=stable, seen=operations.seen_of(own), seen_all=operations.seen_of(node),
        nest=_nest_form(tree, row), removable=row.parent is not None, pool=_pool_with(form, code, version, part, node_id, kind),
    )  # fmt: skip


def _pool_with(form: Any, code: str, version: int, part: str, node_id: str, kind: str) -> str:
    """Where to see how many pass with the number that was typed, before it is kept."""
    name = PARAMETER.get(kind)
    if part != "criteria" or "preview" not in request.form or name is None or form.amount.data is None:
        return ""
    address = pool_address(code, version)
    return f"{address}?set={node_id}.{name}={_number(form.amount.data)}"


def _nest_form(tree: dict[str, Any], row: trees.Row) -> forms.NestForm | None:
    below = {found.node["id"] for found in trees.outline(row.node)}
    others = [g for g in trees.groups(tree) if g.node["id"] not in below and g.node["id"] != row.parent]
    if row.parent is None or not others:
        return None
    form = forms.NestForm(formdata=None)
    form.group.choices = [(g.node["id"], words.in_language(g.node) or str(words.KINDS[g.node["kind"]])) for g in others]
    return form


@blueprint.post(f"{EDIT}/at/<node_id>/move")
@requires(CHANGE)
def move_criterion(code: str, version: int, part: str, node_id: str) -> Any:
    """Move a criterion one place up or down in its group."""
    _post, profile = draft_at(code, version)
    down = request.form.get("to") == "down"
    criteria_operations.move_criterion(db.session, current_actor(), profile, part, node_id, down=down)
    db.session.commit()
    return redirect(_outline(code, version, part, node_id), 303)


@blueprint.post(f"{EDIT}/at/<node_id>/nest")
@requires(CHANGE)
def nest_criterion(code: str, version: int, part: str, node_id: str) -> Any:
    """Move a criterion into another group."""
    _post, profile = draft_at(code, version)
    form = forms.NestForm()
    answer = carried_out(
        form,
        lambda: criteria_operations.nest_criterion(
            db.session, current_actor(), profile, part, node_id, group_id=form.group.data or ""
        ),
        _("ย้ายเกณฑ์แล้ว"),
        lambda _outcome: _outline(code, version, part, node_id),
    )
    return answer or shown("refused", form, back=_outline(code, version, part, node_id))


@blueprint.post(f"{EDIT}/at/<node_id>/remove")
@requires(CHANGE)
def remove_criterion(code: str, version: int, part: str, node_id: str) -> Any:
    """Take a criterion out, with everything below it."""
    _post, profile = draft_at(code, version)
    form = forms.SeenForm()
    answer = carried_out(
        form,
        lambda: criteria_operations.remove_criterion(
            db.session, current_actor(), profile, part, node_id, seen=form.seen.data or ""
        ),
        _("ลบเกณฑ์ออกจากร่างแล้ว ค่าเดิมอยู่ในบันทึกการตรวจสอบ"),
        lambda _outcome: _outline(code, version, part),
    )
    return answer or shown("refused", form, back=_outline(code, version, part, node_id))


def _outline(code: str, version: int, part: str, node_id: str = "") -> str:
    return url_for("careers.criteria_outline", code=code, version=version, part=part, _anchor=node_id or None)


# Between a criterion's form and its document -------------------------------------------------------------------------


def _criterion_form(kind: str, profile: Any, **given: Any) -> forms.CriterionForm:
    """The form with the fields that this kind has, and what can be chosen in them."""
    form = forms.CriterionForm(**given)
    wanted = {"kind"} if kind in GROUPS and given else set()
    wanted |= {"k"} if kind in GROUPS else set()
    wanted |= {"match_post", "match_grade", "match_unit_kind", "acting"} if kind in MATCHING else set()
    wanted |= {"amount"} if kind in PARAMETER else set()
    wanted |= {"tenure": {"now"}, "sections": {"while_holding"}, "competency": {"groups"}}.get(kind, set())
    wanted |= {"code"} if kind in ("qualification", "course") else set()
    for name in (
        "kind",
        "k",
        "match_post",
        "match_grade",
        "match_unit_kind",
        "acting",
        "amount",
        "now",
        "while_holding",
        "groups",
        "code",
    ):
        if name not in wanted:
            del form[name]
    if kind in GROUPS and not given and kind != "at_least":
        del form.k
    _offer(form, kind, profile)
    return form


def _offer(form: Any, kind: str, profile: Any) -> None:
    """What can be chosen: what is in use, and what stands there already."""
    names = queries.names_for_criteria(db.session)

    def live(of: str, chosen: str | None) -> list[tuple[str, str]]:
        rows = names[of].items()
        return [(code, words.in_language(row)) for code, row in rows if not row.retired_on or code == chosen]

    if kind in MATCHING:
        levels = careers.level_names(db.session)
        grades = [(f"{t}/{level or ''}", words.in_language(told)) for (t, level), told in levels.items()]
        form.match_post.choices = [("", _("ไม่กำหนด")), *live("post", form.match_post.data)]
        form.match_grade.choices = [("", _("ไม่กำหนด")), *grades]
        form.match_unit_kind.choices = [("", _("ทุกชนิด")), *words.UNIT_KINDS.items()]
    if kind == "sections":
        form.while_holding.choices = [("", _("ไม่กำหนด")), *live("post", form.while_holding.data)]
    if kind in ("qualification", "course"):
        form.code.choices = [("", _("เลือก")), *live(kind, form.code.data)]
        form.code.label.text = str(words.KINDS[kind])
    if kind == "competency":
        used = {str(row["group"]) for row in profile.document["competencies"]} | set(form.groups.data or ())
        form.groups.choices = [(group, label) for group, label in words.COMPETENCY_GROUPS.items() if group in used]
    if kind in PARAMETER:
        form.amount.label.text = str(words.FIELDS[PARAMETER[kind]])
        form.amount.decimals = 2 if kind == "tenure" else 0


def _data(own: dict[str, Any]) -> dict[str, Any]:
    """A criterion's document as its form holds it."""
    match = own.get("match") or {}
    grade = f"{match['position_type']}/{match.get('level') or ''}" if match.get("position_type") else ""
    amount = own.get(PARAMETER.get(str(own["kind"]), ""))
    return {
        **own, "criterion_id": own["id"], "match_post": match.get("post") or "", "match_grade": grade,
        "match_unit_kind": match.get("unit_kind") or "", "amount": None if amount is None else Decimal(str(amount)),
        "k": Decimal(own["k"]) if own.get("k") else None, "while_holding": own.get("while_holding") or "",
    }  # fmt: skip


def _values(form: Any, kind: str) -> dict[str, Any]:
    """A criterion's form as its document; what was left empty is left out."""
    values: dict[str, Any] = {name: form[name].data or "" for name in TEXTS}
    values |= {name: True for name in ("ours", "reason_ours", "acting", "now") if name in form and form[name].data}
    if "match_post" in form:
        position_type, _slash, level = (form.match_grade.data or "").partition("/")
        match = {"post": form.match_post.data, "position_type": position_type, "level": level,
                 "unit_kind": form.match_unit_kind.data}  # fmt: skip
        values["match"] = {name: code for name, code in match.items() if code}
    if "amount" in form and form.amount.data is not None:
        values[PARAMETER[kind]] = _number(form.amount.data)
    if kind == "at_least" and "k" in form and form.k.data is not None:
        values["k"] = int(form.k.data)
    values |= {name: form[name].data for name in ("code", "while_holding", "groups") if name in form}
    kept = {name: value for name, value in values.items() if value not in ("", None, [])}
    return {"kind": kind, **kept, **_id_of(form)}


def _id_of(form: Any) -> dict[str, str]:
    typed = form.criterion_id.data if "criterion_id" in form else ""
    return {"id": typed} if typed else {}


def _number(amount: Decimal) -> int | str:
    return int(amount) if amount == amount.to_integral_value() else format(amount.normalize(), "f")
