"""A small shop that makes the classic mistakes: those that are planted, and no others."""

import secrets
from threading import Lock, Thread

import requests
from flask import Flask, jsonify, redirect, request
from werkzeug.serving import make_server

from tests.examine import naive_page

PRICE = 100000
PAGE = '<input name="order" value="{}"><p>{}</p>'
#: Status of a charge → what the shop says.
SAID = {"successful": "paid", "pending": "pending"}


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
        app.add_url_rule("/page", view_func=self.new_page)
        app.add_url_rule("/page/<order>", view_func=self.page)
        app.add_url_rule("/page.js", view_func=self.script)
        app.add_url_rule("/pay", view_func=self.pay, methods=["POST"])
        app.add_url_rule("/scan", view_func=self.scan, methods=["POST"])
        app.add_url_rule("/refund", view_func=self.refund, methods=["POST"])
        app.add_url_rule("/back/<order>", view_func=self.back)
        app.add_url_rule("/status/<order>", view_func=self.status)
        app.add_url_rule("/webhook", view_func=self.webhook, methods=["POST"])
        return app

    def checkout(self):
        """The page where one pays."""
        order = self._new_order()
        key = self.world.secret_key if "key-in-page" in self.mistakes else ""
        sources = "'self' 'unsafe-inline'" if "inline-scripts" in self.mistakes else "'self'"
        csp = {"Content-Security-Policy": f"default-src {sources}; style-src 'unsafe-inline'"}
        cookie = {"Set-Cookie": f"order={order}; Path=/"}
        return PAGE.format(order, key), 200, cookie | ({} if "no-csp" in self.mistakes else csp)

    def _new_order(self):
        order = secrets.token_hex(4)
        self.orders[order] = {"said": "pending", "charge": None}
        return order

    def new_page(self):
        """Go to the page with a card form of a new order."""
        return redirect(f"/page/{self._new_order()}")

    def page(self, order):
        """The page with a card form, for a browser."""
        url, key = self.world.url, self.world.public_key
        html = naive_page.page(url, key, order, PRICE, self.mistakes)
        return html, {"Content-Security-Policy": naive_page.policy(url)}

    def script(self):
        """The script of that page."""
        return naive_page.SCRIPT, {"Content-Type": "text/javascript"}

    def pay(self):
        """Charge the card, once for each order; a declined one can be tried again."""
        number = request.form["order"]
        if "charges-again" in self.mistakes:
            return self._charge(number)
        order = self.orders[number]
        with self.lock:
            tried, order["tried"] = order.get("tried", False), True
            return self.status(number) if tried else self._charge(number)

    def _charge(self, number):
        order = self.orders[number]
        body = {"amount": PRICE, "currency": "thb", "card": request.form["token"]}
        if "holds-money" in self.mistakes:  # no mistake, but another kind of shop
            body["capture"] = False
        if "browser-amount" in self.mistakes:
            body |= {"amount": request.form["amount"], "currency": request.form["currency"]}
        if "foreign-customer" in self.mistakes and request.form["customer"]:
            body["customer"] = request.form["customer"]
            body.pop("card")
        if "foreign-card" in self.mistakes and request.form["card"]:
            body |= {"card": request.form["card"], "customer": self._owner(request.form["card"])}
        charge = self._creates(number, body)
        if charge is None:
            return self.status(number)
        if "says-success" in self.mistakes:
            order["said"] = "paid"
        elif order["said"] == "declined":
            order["tried"] = False
        elif charge.get("authorize_uri") and charge["status"] == "pending":
            return redirect(charge["authorize_uri"])
        return self.status(number)

    def _owner(self, card):
        customers = self.omise("GET", "/customers")["data"]
        return next(row["id"] for row in customers if row["default_card"] == card)

    def _creates(self, number, body):
        """Create a charge for an order: the answer, or None without one."""
        order = self.orders[number]
        more = {"return_uri": f"{self.url}/back/{number}", "metadata": {"order": number}}
        try:
            charge = self.omise("POST", "/charges", json=body | more)
        except (requests.RequestException, ValueError):
            if self.mistakes & {"lost-is-failed", "impatient"}:
                order["said"] = "declined"
            if "lost-is-paid" in self.mistakes:
                order["said"] = "paid"
            return None
        if charge["object"] == "error":
            order["said"] = "pending" if charge["code"] == "internal_error" else "declined"
        else:
            order["charge"] = charge["id"]
            self._read(order, charge)
        return charge

    def scan(self):
        """Pay with PromptPay."""
        source = {"type": "promptpay", "amount": PRICE, "currency": "thb"}
        body = {"amount": PRICE, "currency": "thb", "source": source}
        self._creates(request.form["order"], body)
        return self.status(request.form["order"])

    def refund(self):
        """Refund a tenth of an order, once."""
        order = self.orders[request.form["order"]]
        with self.lock:
            if order.setdefault("refunded", False) and "refunds-again" not in self.mistakes:
                return self.status(request.form["order"])
            order["refunded"] = True
        self.omise("POST", f"/charges/{order['charge']}/refunds", json={"amount": PRICE // 10})
        return self.status(request.form["order"])

    def omise(self, method, path, **more):
        """The JSON of a call."""
        url, keys = self.world.url + path, (self.world.secret_key, "")
        seconds = 0.2 if "impatient" in self.mistakes else 20
        return requests.request(method, url, auth=keys, timeout=seconds, **more).json()

    def _read(self, order, charge):
        if charge["amount"] != PRICE and "browser-amount" not in self.mistakes:
            return
        if order["said"] == "declined" and "gives-up" in self.mistakes:
            return
        order["said"] = self._said(charge)

    def _said(self, charge):
        if charge.get("source") and "code-is-paid" in self.mistakes:
            return "paid"
        if charge.get("dispute") and "dispute-is-decline" in self.mistakes:
            return "declined"
        if charge.get("refunded_amount") == PRICE and "ignores-refunds" not in self.mistakes:
            return "refunded"
        return "paid" if charge.get("capturable") else SAID.get(charge["status"], "declined")

    def back(self, order):
        """The bank sends the browser here."""
        row = self.orders[order]
        if "trusts-return" in self.mistakes:
            row["said"] = "paid"
        lost = "needs-cookie" in self.mistakes and "order" not in request.cookies
        again = "return-once" in self.mistakes and row.get("returned")
        row["returned"] = True
        if "gives-up" in self.mistakes and row["said"] == "pending":
            charge = self.omise("GET", f"/charges/{row['charge']}")
            row["said"] = "declined" if charge["status"] == "pending" else row["said"]
        return ("Internal Server Error", 500) if lost or again else self.status(order)

    def status(self, order):
        """What the order is; one that waits is asked for at Omise."""
        row = self.orders[order]
        if (
            row["said"] == "pending"
            and row["charge"]
            and not self.mistakes & {"never-asks", "deaf"}
        ):
            self._read(row, self.omise("GET", f"/charges/{row['charge']}"))
        return jsonify(status=row["said"])

    def webhook(self):
        """Omise tells of a charge; it is retrieved."""
        if self.mistakes & {"webhook-500", "deaf"}:
            return "", 500
        told = request.json["data"]
        charge_id = told.get("charge") or told["id"]
        if not str(charge_id).startswith("chrg_"):
            return "", 204
        charge = self.omise("GET", f"/charges/{charge_id}")
        order = self.orders.get((charge.get("metadata") or {}).get("order"))
        if order and "trusts-webhook" in self.mistakes:
            order["said"] = "paid" if told.get("paid") else order["said"]
        elif order and order["charge"] in (None, charge_id):
            order["charge"] = order["charge"] or charge_id
            self._read(order, charge)
        elif "any-charge" in self.mistakes:
            self._believes_any(charge)
        return "", 204

    def _believes_any(self, charge):
        """Take any paid charge for that of the order that waits."""
        for order in self.orders.values():
            if order["said"] == "pending" and charge.get("paid"):
                order["said"] = "paid"
