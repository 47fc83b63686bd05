"""Finding every page that a role reaches from its home by following links."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException

PEOPLE = {
    "officer": "trainee", "mentor": "mentor", "institute": "staff", "commission": "commission", "assessor": "assessor",
    "executive": "executive", "auditor": "auditor", "administrator": "admin", "applicant": "candidate",
}  # fmt: skip
LINK = re.compile(r'<a\b[^>]*?\shref="([^"#]+)')
EXAMPLES = 4
"""How many pages of one route are followed per role; the fullest is looked at in the browser. A file is asked for once."""


@dataclass(frozen=True)
class Found:
    """A page that links lead to: its address, the endpoint and how it was varied, and how much is on it."""

    role: str
    address: str
    endpoint: str
    length: int
    came_from: str


def endpoint_of(app: Flask, address: str) -> str:
    """The route's endpoint; with its view where the page shows different things by ``view`` or ``state``."""
    parts = urlsplit(address)
    try:
        endpoint, _values = app.url_map.bind("localhost").match(parts.path, method="GET")
    except HTTPException:
        return ""
    view = re.search(r"(?:^|&)((?:view|state|kind)=[^&]+)", parts.query)
    return f"{endpoint}?{view[1]}" if view else str(endpoint)


def crawl(app: Flask, client: Any, role: str) -> tuple[list[Found], list[str]]:
    """A few pages of every route, breadth first from home, and what was broken on the way."""
    found: list[Found] = []
    broken: list[str] = []
    seen: dict[str, int] = {}
    asked: set[str] = set()
    waiting = [("/", ""), ("/account", "")]
    while waiting:
        address, came_from = waiting.pop(0)
        endpoint = endpoint_of(app, address)
        if address in asked or seen.get(endpoint, 0) >= EXAMPLES:
            continue
        asked.add(address)
        seen[endpoint] = seen.get(endpoint, 0) + 1
        answer = client.get(address)
        if answer.status_code in (301, 302, 303, 308):
            target = urljoin(address, answer.location)
            waiting.insert(0, (target, came_from))
            continue
        if answer.status_code != 200:
            broken.append(f"{role}: {address} answers {answer.status_code} (linked on {came_from})")
            continue
        if answer.mimetype != "text/html":
            answer.close()
            seen[endpoint] = EXAMPLES
            continue
        page = answer.get_data(as_text=True)
        found.append(Found(role, address, endpoint, len(page), came_from))
        waiting += [(link, address) for link in _links(address, page)]
    return found, broken


def _links(address: str, page: str) -> list[str]:
    links = (urljoin(address, unescape(link)) for link in LINK.findall(page))
    return [link for link in links if link.startswith("/")]
