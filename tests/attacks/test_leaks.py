"""Canaries: secrets go through every journey, and are then looked for wherever something stays.

Card numbers, security codes, tokens, keys and passwords, each with a value of its own that stands
nowhere else, so that one find is one leak.
"""

import base64
import hashlib
import json
import re
import zlib
from functools import partial

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from storefront.payments.database import Database
from storefront.payments.host import PaymentRequest
from storefront.shop.checkout import PaymentChoice
from tests.attacks.conftest import is_bug
from tests.support.flask_shopper import FlaskShopper
from tests.support.records import all_tables
from tests.support.webhooks import SECRET as WEBHOOK_SECRET
from tests.support.webhooks import an_event, signed

#: Numbers that the sandbox accepts, declines, and sends to 3-D Secure.
GOOD, DECLINED, ASKS = "4929416537018127", "5555551111110011", "4000000000003063"
CODE = "739"
NAME = "Canary Cardholder"
PASSWORDS = ("canary password one", "canary password two", "canary password of staff")
SECRET_KEY = "canary-secret-key-0123456789-abcdef"
METRICS_TOKEN = "canary-metrics-token"

#: Fields in which a card number may be typed by mistake.
WRONG_FIELDS = [
    ("/charge", "email"),
    ("/charge", "token"),
    ("/charge", "number"),
    ("/login", "email"),
    ("/login", "password"),
    ("/signup", "password"),
    ("/cart", "sku"),
    ("/cart/mug", "quantity"),
    ("/cards", "token"),
    ("/account/password", "password"),
    ("/language", "next"),
    ("/admin/login", "password"),
]


def passes_luhn(number):
    digits = [int(digit) for digit in reversed(number)]
    return sum(d if n % 2 == 0 else sum(divmod(2 * d, 10)) for n, d in enumerate(digits)) % 10 == 0


@pytest.fixture
def settings(settings):
    changes = {
        "secret_key": SecretStr(SECRET_KEY),
        "metrics_token": SecretStr(METRICS_TOKEN),
        "mail_from": "shop@shop.test",
    }
    return settings.model_copy(update=changes)


class Journey:
    """Takes the canaries through every flow, and stores all responses."""

    def __init__(self, app, world, services):
        self.app, self.world, self.parts = app, world, services
        self.tokens, self.answers, self.cookies = [], [], []
        self.person = self.new_shopper()

    def new_shopper(self):
        person = FlaskShopper(self.app, self.world)
        client, journey = person.client, self
        plain = client.open

        def open_and_keep(*args, **options):
            answer = plain(*args, **options)
            journey.answers.append(str(answer.headers) + answer.get_data(as_text=True))
            journey.cookies += answer.headers.getlist("Set-Cookie")
            return answer

        client.open = open_and_keep
        return person

    def token(self, number):
        self.tokens.append(self.world.token(number, security_code=CODE, name=NAME))
        return self.tokens[-1]

    def pays_in_every_way(self):
        """Pay, decline, confirm with 3-D Secure, save, use, add and delete a card."""
        me = self.person
        me.signs_up("canary@example.com", PASSWORDS[0])
        for number in (GOOD, DECLINED, ASKS):
            me.puts_in_cart()
            me.pays(token=self.token(number), email="", save_card="1")
        (charge,) = [c for c in self.world.charges() if c["status"] == "pending"]
        me.sees(self.world.at_the_bank(charge["authorize_uri"], "approve").partition("test")[2])
        assert me.status == "paid"
        me.puts_in_cart("lamp")
        me.pays_by_json(card=me.card)
        me.puts_in_cart("tray")
        me.pays_by_json(token=self.token(DECLINED), amount=1)
        me.sends("/cards", token=self.token(GOOD))
        me.sends("/cards", token=self.tokens[0])
        me.sends(f"/cards/{me.card}/delete")
        me.sends("/account/password", old_password=PASSWORDS[0], password=PASSWORDS[1])
        me.sends("/account/password", old_password=PASSWORDS[0], password="short")
        me.sends("/login", email="canary@example.com", password=PASSWORDS[0])
        for page in ("/orders", "/cards", "/account", "/checkout", "/"):
            me.sees(page)
        return next(charge for charge in self.world.charges() if charge["paid"])

    def sends_numbers_in_wrong_fields(self):
        """Send card numbers in the wrong fields, which are rejected, and in URLs."""
        grouped = " ".join(GOOD[n : n + 4] for n in range(0, 16, 4))
        for path, field in WRONG_FIELDS:
            for number in (GOOD, grouped, grouped.replace(" ", "-"), f"my card: {GOOD}."):
                answer = self.person.sends(path, **{field: number})
                assert answer.status_code == (303 if path == "/charge" else 400)
                assert self.person.sends_json(path, {"a": [{field: number}]}).status_code == 400
        for path in (f"/orders/{GOOD}", f"/{GOOD}", f"/?q={grouped}", f"/login?next=/{GOOD}"):
            assert self.person.client.get(path).status_code in {200, 404}
        return len(WRONG_FIELDS) * 8 + 4

    def goes_wrong(self):
        """Omise fails, the database fails, and webhooks are forged."""
        me = self.person
        for method, path, do in (
            ("POST", "/charges", "status"),
            ("POST", "/charges", "garbage"),
            ("POST", "/charges", "drop_after"),
            ("POST", "/charges", "drop_before"),
        ):
            other = self.new_shopper()
            other.puts_in_cart()
            more = {"status": 503} if do == "status" else {}
            self.world.fails(method, path, do, **more)
            other.pays(token=self.token(GOOD), email="canary@example.com")
        body = an_event("chrg_test_1")
        for headers in ({}, signed(body) | {"Omise-Signature": WEBHOOK_SECRET}, signed(body)):
            me.client.post("/webhooks/omise", data=body, headers=headers)
        for given in ("", f"Bearer {METRICS_TOKEN}x", f"Bearer {METRICS_TOKEN}"):
            me.client.get("/metrics", headers={"Authorization": given})

    def is_broken(self):
        """Log in, sign up and pay while tables are missing."""
        breaking = Database(self.parts.database.url)
        with breaking.write_session() as session:
            for table in ("rate_limited_actions", "omise_attempts", "users"):
                session.execute(text(f"ALTER TABLE {table} RENAME TO {table}_gone"))
        other = self.new_shopper()
        statuses = [
            other.sends("/login", email="canary@example.com", password=PASSWORDS[1]).status_code,
            other.sends("/signup", email="two@example.com", password=PASSWORDS[1]).status_code,
            other.pays_by_json(token=self.token(GOOD), email="canary@example.com").status_code,
        ]
        other.puts_in_cart()
        statuses.append(other.pays_by_json(token=self.tokens[-1]).status_code)
        with breaking.write_session() as session:
            for table in ("rate_limited_actions", "omise_attempts", "users"):
                session.execute(text(f"ALTER TABLE {table}_gone RENAME TO {table}"))
        breaking.dispose()
        assert statuses.count(500) >= 3

    def works_in_admin(self, charge):
        """Open every admin page, refund, reconcile, and run the commands."""
        self.parts.staff_accounts.create_or_reset("staff@example.com", PASSWORDS[2])
        staff, number = self.new_shopper(), charge["metadata"]["order"]
        staff.sends("/admin/login", email="staff@example.com", password="canary wrong")
        staff.sends("/admin/login", email="staff@example.com", password=PASSWORDS[2])
        refund = {"amount": "1.00", "reason": "broken", "confirmed": "yes", "idempotency_key": "c1"}
        staff.sends(f"/admin/orders/{number}/refund", **refund)
        staff.sends("/admin/reconcile", hours="24")
        self.parts.engine.worker.run_due()
        pages = ("", "/orders", f"/orders/{number}", "/events", "/audit", "/mails", "/stock")
        for page in pages:
            staff.sees(f"/admin{page}")
        runner = self.app.test_cli_runner()
        for words in (["doctor"], ["reconcile"], ["worker", "--once"]):
            self.answers.append(runner.invoke(args=words).output)


def decoded(cookie):
    """The decoded content of a session cookie."""
    value = cookie.partition("=")[2].partition(";")[0]
    payload = value[1:] if value.startswith(".") else value
    raw = payload.partition(".")[0]
    try:
        body = base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4))
        return zlib.decompress(body).decode() if value.startswith(".") else body.decode()
    except (ValueError, zlib.error):
        return value


def texts_of(services):
    """Every value of every table, and the bytes of the database file."""
    with services.database.read_session() as session:
        for table in all_tables().sorted_tables:
            yield table.name, "\n".join(map(repr, session.execute(table.select())))
    file = services.settings.sqlite_file
    for path in file.parent.glob(f"{file.name}*") if file else ():
        yield path.name, path.read_bytes().decode("latin-1")


def shows(place, canary):
    """Whether a text contains a canary: plain, in groups, or in base64."""
    plain = re.sub(r"(?<=\d)[ -](?=\d)", "", place) if canary.isdigit() else place
    packed = base64.b64encode(canary.encode()).decode().rstrip("=")
    return canary in plain or packed in plain


@pytest.mark.parametrize(
    "holder",
    [PaymentChoice, partial(PaymentRequest, reference="A1", amount=1, currency="THB")],
    ids=["choice", "request"],
)
def test_repr_shows_no_token(holder):
    token = "tokn_test_canary"

    assert token not in repr(holder(token=token))


def test_secrets_are_nowhere_stored_or_shown(
    database, app, world, services, settings, capfd, attack_counter
):
    assert all(map(passes_luhn, (GOOD, DECLINED, ASKS)))
    journey = Journey(app, world, services)

    charge = journey.pays_in_every_way()
    attack_counter["card numbers in wrong fields"] += journey.sends_numbers_in_wrong_fields()
    journey.goes_wrong()
    journey.works_in_admin(charge)
    journey.is_broken()

    output = capfd.readouterr()
    logs = output.out + output.err
    mails = [file.read_bytes().decode() for file in settings.mail_folder.glob("*.eml")]
    places = {
        "logs": logs,
        # The checkout of a test shop shows the test card numbers; they are no secret.
        "answers": "\n".join(journey.answers).replace("4000 0000 0000 3063", ""),
        "cookies": "\n".join(map(decoded, journey.cookies)),
        "mails": "\n".join(mails),
        "metrics": "\n".join(answer for answer in journey.answers if "shop_attempts" in answer),
        **dict(texts_of(services)),
    }
    secrets = {
        "a card number": [GOOD, DECLINED, ASKS],
        "a token": journey.tokens,
        "a key of Omise": [world.secret_key],
        "the key of sessions": [SECRET_KEY],
        "the secret of webhooks": [WEBHOOK_SECRET, "a webhook secret of this test"],
        "the token of metrics": [METRICS_TOKEN],
        "a password": [*PASSWORDS, "canary wrong"],
    }
    found = [
        f"{what} in {name}: {canary}"
        for name, place in places.items()
        for what, canaries in secrets.items()
        for canary in canaries
        if shows(place, canary)
    ]
    attack_counter["places searched for canaries"] += len(places)

    assert found == []
    for name in ("logs", "cookies", "mails", "metrics", "answers"):
        assert len(places[name]) > 100, f"nothing was looked at: {name}"
    assert '"unexpected_error"' in logs
    assert hashlib.sha256(journey.tokens[0].encode()).hexdigest() in places["omise_attempts"]
    for name in ("logs", "cookies", "mails", "omise_attempts", "orders", "rate_limited_actions"):
        assert not re.search(rf"security.?code\W+{CODE}\b", places[name])
        assert f"'{CODE}'" not in places[name]
        assert NAME not in places[name]
    assert "canary@example.com" not in logs
    assert world.public_key in places["answers"]  # it is public


def test_log_lines_are_json_with_known_fields(app, world, services, capfd):
    """Only chosen fields are logged; bodies and URLs are not among them."""
    journey = Journey(app, world, services)
    charge = journey.pays_in_every_way()
    journey.goes_wrong()
    journey.works_in_admin(charge)
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines() if line[:1] == "{"]

    assert len(lines) > 50
    fields = {field for line in lines for field in line}
    assert not fields & {"body", "form", "args", "url", "path", "query", "headers", "cookies"}
    routes = {line["route"] for line in lines if line["event"] == "request" and line["route"]}
    assert routes <= {rule.rule for rule in app.url_map.iter_rules()}


def test_error_page_reveals_no_internals(app, world, services):
    journey = Journey(app, world, services)

    journey.is_broken()

    bugs = [
        answer for answer in journey.answers if "server_error" in answer or "our side" in answer
    ]
    assert bugs
    for page in bugs:
        for word in ("Traceback", "sqlalchemy", "sqlite", ".py", "SELECT", "INSERT", "users_gone"):
            assert word not in page
    assert not is_bug(journey.person.sees("/"))
