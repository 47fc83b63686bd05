"""Pages of the room."""

from flask import Blueprint

blueprint = Blueprint("officers", __name__)
