"""A small shop that makes the classic mistakes: those that are planted, and no others."""

import secrets
from threading import Lock, Thread

import requests
from flask import Flask, jsonify, redirect, request
from werkzeug.serving import make_server

PRICE = 100000
PAGE = '<input name="order" value="{}"><p>{}</p>'


class NaiveShop:
    """A shop in a thread; `mistakes` can change while it runs."""

    def __init__(self, world):
        self.world = world
        self.mistakes = set()
        self.orders = {}
        self.lock = Lock()
        self.server = make_server("127.0.0.1", 0, self._app(), threaded=True)
        self.url = f"http://127.0.0.1:{self.server.port}"
        self.thread = Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self):
        """Stop the server."""
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def _app(self):
        app = Flask("naive")
        app.add_url_rule("/checkout", view_func=self.checkout)
        app.add_url_rule("/pay", view_func=self.pay, methods=["POST"])
        app.add_url_rule("/back/<order>", view_func=self.back)
        app.add_url_rule("/status/<order>", view_func=self.status)
        app.add_url_rule("/webhook", view_func=self.webhook, methods=["POST"])
        return app

    def checkout(self):
        """The page where one pays."""
        order = secrets.token_hex(4)
        self.orders[order] = {"said": "pending", "charge": None}
        key = self.world.secret_key if "key-in-page" in self.mistakes else ""
        csp = {} if "no-csp" in self.mistakes else {"Content-Security-Policy": "default-src 'self'"}
        return PAGE.format(order, key), 200, csp

    def pay(self):
        """Charge the card, once for each order."""
        number = request.form["order"]
        if "charges-again" in self.mistakes:
            return self._charge(number)
        with self.lock:
            order = self.orders[number]
            tried = order.setdefault("tried", False)
            order["tried"] = True
            return self.status(number) if tried else self._charge(number)

    def _charge(self, number):
        order = self.orders[number]
        body = {"amount": PRICE, "currency": "thb", "card": request.form["token"]}
        if "browser-amount" in self.mistakes:
            body |= {"amount": request.form["amount"], "currency": request.form["currency"]}
        if "foreign-customer" in self.mistakes and request.form["customer"]:
            body["customer"] = request.form["customer"]
            body.pop("card")
        more = {"return_uri": f"{self.url}/back/{number}", "metadata": {"order": number}}
        try:
            charge = self.omise("POST", "/charges", json=body | more)
        except (requests.RequestException, ValueError):
            if "lost-is-failed" in self.mistakes:
                order["said"] = "declined"
            return self.status(number)
        if charge["object"] == "error":
            order["said"] = "pending" if charge["code"] == "internal_error" else "declined"
        else:
            order["charge"] = charge["id"]
            self._read(order, charge)
        if "says-success" in self.mistakes:
            order["said"] = "paid"
        elif charge.get("authorize_uri") and charge["status"] == "pending":
            return redirect(charge["authorize_uri"])
        return self.status(number)

    def omise(self, method, path, **more):
        """The JSON of a call."""
        url, keys = self.world.url + path, (self.world.secret_key, "")
        return requests.request(method, url, auth=keys, timeout=10, **more).json()

    def _read(self, order, charge):
        known = {"successful": "paid", "pending": "pending"}
        if charge["amount"] == PRICE or "browser-amount" in self.mistakes:
            order["said"] = known.get(charge["status"], "declined")

    def back(self, order):
        """The bank sends the browser here."""
        if "trusts-return" in self.mistakes:
            self.orders[order]["said"] = "paid"
        else:
            self._read(self.orders[order], self._charge_of(order))
        return self.status(order)

    def _charge_of(self, order):
        return self.omise("GET", f"/charges/{self.orders[order]['charge']}")

    def status(self, order):
        """What the order is."""
        return jsonify(status=self.orders[order]["said"])

    def webhook(self):
        """Omise tells of a charge; it is retrieved."""
        if "webhook-500" in self.mistakes:
            return "", 500
        told = request.json["data"]
        order = self.orders.get((told.get("metadata") or {}).get("order"))
        if order and "trusts-webhook" in self.mistakes:
            order["said"] = "paid" if told["paid"] else order["said"]
        elif order and order["charge"] in (None, told["id"]):
            self._read(order, self.omise("GET", f"/charges/{told['id']}"))
        return "", 204
