"""The floor that pages are compared with: Flask and nothing else, a table of 50 rows, a session, two queries.

``python -m gunicorn 'benchmarks.floor_page:make()'`` serves it; FLOOR_DATABASE names its SQLite file.
"""

import os
import sqlite3

from flask import Flask, g, render_template_string, request, session

PAGE = """<!doctype html><html lang="th"><title>floor</title><table>{% for row in rows %}
<tr><td>{{ row[0] }}</td><td>{{ row[1] }}</td><td>{{ row[2] }}</td><td>{{ row[3] }}</td></tr>{% endfor %}</table>
<p>{{ total }}</p></html>"""


def prepare(path: str) -> None:
    """Make the floor's table: 5,000 rows."""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE person (id INTEGER PRIMARY KEY, number TEXT, name TEXT, unit TEXT)")
        rows = ((number, f"{number:06d}", f"ชื่อ นามสกุล {number}", f"เขต {number % 50}") for number in range(1, 5001))
        connection.executemany("INSERT INTO person VALUES (?, ?, ?, ?)", rows)
        connection.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)")
    connection.close()


def make() -> Flask:
    """The floor's application: one page that reads, one POST that writes a row durably."""
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "floor"

    def connection() -> sqlite3.Connection:
        if "connection" not in g:
            g.connection = sqlite3.connect(os.environ["FLOOR_DATABASE"], isolation_level=None, timeout=10)
            g.connection.execute("PRAGMA synchronous=FULL")
        return g.connection

    @app.teardown_appcontext
    def close(_error: BaseException | None) -> None:
        if "connection" in g:
            g.connection.close()

    @app.get("/")
    def page() -> str:
        session["seen"] = 1
        first = request.args.get("page", 0, int) * 50
        rows = connection().execute("SELECT id, number, name, unit FROM person LIMIT 50 OFFSET ?", (first,)).fetchall()
        (total,) = connection().execute("SELECT count(*) FROM person").fetchone()
        return render_template_string(PAGE, rows=rows, total=total)

    @app.post("/")
    def write() -> tuple[str, int]:
        connection().execute("BEGIN IMMEDIATE")
        connection().execute("INSERT INTO note (text) VALUES (?)", (request.form["text"],))
        connection().execute("COMMIT")
        return "", 204

    return app
