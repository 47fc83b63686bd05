"""Pages of the room."""

from flask import Blueprint

blueprint = Blueprint("notices", __name__)
