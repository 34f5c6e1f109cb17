"""Entry point: `gunicorn app:app` in production, `python app.py` for a quick look."""

import sys

from storefront import create_app
from storefront.settings import InvalidSettings, Settings

try:
    settings = Settings.from_env()
except InvalidSettings as fault:
    sys.exit(str(fault))

app = create_app(settings)


if __name__ == "__main__":
    app.extensions["shop"].database.migrate()
    app.run(port=settings.port, threaded=True)
