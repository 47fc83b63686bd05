"""Pages of the room."""

from flask import Blueprint

blueprint = Blueprint("coaching", __name__)
