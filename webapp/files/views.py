"""Pages of the room."""

from flask import Blueprint

blueprint = Blueprint("files", __name__)
