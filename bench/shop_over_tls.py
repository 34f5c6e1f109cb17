"""The shop as it is, which trusts the throw-away authority of this measurement."""

import os

from app import app

app.extensions["shop"].engine.omise._http.verify = os.environ["REQUESTS_CA_BUNDLE"]
