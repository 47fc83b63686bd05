"""Pages of the room."""

from flask import Blueprint

blueprint = Blueprint("careers", __name__)
