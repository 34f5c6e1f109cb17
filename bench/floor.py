"""What `POST /charge` is measured against: bare routes that charge and keep no books.

`/pooled` is one `requests.post` over a pool of connections, `/official` the `omise` package.
"""

import os

import omise
import requests
from flask import Flask, jsonify, request

AMOUNT, CURRENCY = 39000, "THB"

app = Flask(__name__)

url = os.environ["OMISE_API_URL"]
secret_key = os.environ["OMISE_SECRET_KEY"]
http = requests.Session()
http.mount(url, requests.adapters.HTTPAdapter(pool_maxsize=16))

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
    charge = omise.Charge.create(amount=AMOUNT, currency=CURRENCY, card=request.get_json()["token"])
    return jsonify({"id": charge.id, "status": charge.status})
