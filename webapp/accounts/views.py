"""Pages of the room."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)
