"""Pages of the room."""

from flask import Blueprint

blueprint = Blueprint("shortlist", __name__)
