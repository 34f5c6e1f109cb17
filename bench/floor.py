"""What `POST /charge` is measured against: bare routes that charge and keep no books.

`/pooled` is one `requests.post` over a pool of connections, `/official` the `omise` package.
"""

import logging
import os

import omise
import requests
from flask import Flask, jsonify, request

#: The package turns on the log of the whole process, which no shop would leave on.
logging.getLogger().handlers.clear()

AMOUNT, CURRENCY = 39000, "THB"


def from_environment():
    """The routes, as gunicorn starts them."""
    return make(os.environ["OMISE_API_URL"], os.environ["OMISE_SECRET_KEY"])


def make(url, secret_key):
    """The routes, which charge at that address."""
    app, http = Flask(__name__), requests.Session()
    http.mount(url, requests.adapters.HTTPAdapter(pool_maxsize=64))
    omise.api_secret = secret_key
    omise.api_main = url

    @app.post("/pooled")
    def pooled():
        """Charge, and give back what Omise says."""
        answer = http.post(
            f"{url}/charges",
            json={"amount": AMOUNT, "currency": CURRENCY, "card": request.get_json()["token"]},
            auth=(secret_key, ""),
            timeout=30,
        )
        return jsonify(answer.json())

    @app.post("/official")
    def official():
        """The same with the official package."""
        token = request.get_json()["token"]
        charge = omise.Charge.create(amount=AMOUNT, currency=CURRENCY, card=token)
        return jsonify({"id": charge.id, "status": charge.status})

    return app
