"""The program a web server starts."""

from config import Config
from webapp.app import create_app

app = create_app(Config.from_environment())
