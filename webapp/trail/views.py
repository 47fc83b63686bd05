"""Pages of the room."""

from flask import Blueprint

blueprint = Blueprint("trail", __name__)
