"""Fuzzing: any path, query, form, JSON, body, header or cookie to any route of the shop.

Always an answer, soon, with the security headers, and never a 500. `make fuzz` tries longer.
"""

import os
import re
import time
from base64 import urlsafe_b64decode
from urllib.parse import quote, urlencode
from zlib import crc32

import pytest
from flask.sessions import SecureCookieSessionInterface
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from storefront.web.headers import HEADERS, STATIC_HEADERS
from tests.attacks.conftest import PASSWORD as STAFF_PASSWORD
from tests.attacks.conftest import STAFF
from tests.support.shopper import PASSWORD, ShopperAtTheShop

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "40"))

#: Seconds of processor time within which everything is answered; a test that waits has its limit.
SOON = 2

fuzzed = trying(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="FUZZ_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
    database=None,
)

#: Whoever goes there has to log in again.
WAYS_OUT = ("/logout", "/admin/logout", "/account/log-out-everywhere")

METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "NONSENSE")
FIELDS = """
    sku quantity email password old_password token card amount currency method cart save_card next
    language key to q status since until before day hours count reason click confirmed csrf_token
""".split()  # noqa: SIM905  # easier to read
KNOWN = """
    mug lamp tokn_test_1 card_test_1 promptpay mobile_banking_scb THB 39000 390.00 2026-01-01 24 yes
    paid refunded somchai@example.com th // /cards -1 1e9 NaN true null [] {} 9999-12-31 0001-01-01
    99999999999999999999 ../../etc/passwd %00 %0d%0a \\ {{7*7}} '
""".split()  # noqa: SIM905
TYPES = (
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/plain",
    "application/csp-report",
    "application/json; charset=utf-16",
    "",
)

texts = st.sampled_from(KNOWN) | st.text(max_size=30) | st.text(st.characters(max_codepoint=64))
names = st.sampled_from(FIELDS) | st.text(max_size=8)
forms = st.dictionaries(names, texts, max_size=6)
documents = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(10**30), max_value=10**30)
    | st.floats()
    | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=5),
    max_leaves=12,
)
printable = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60)
headers = st.dictionaries(
    st.sampled_from(
        [
            *("Accept", "Accept-Language", "Accept-Encoding", "Accept-Charset", "Range", "Cookie"),
            *("Origin", "Referer", "Sec-Fetch-Site", "X-CSRFToken", "Authorization", "Host"),
            *("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "If-None-Match", "If-Range"),
            *("If-Modified-Since", "Content-Encoding", "Transfer-Encoding", "Expect", "Upgrade"),
            *("Omise-Signature", "Omise-Signature-Timestamp", "X-HTTP-Method-Override"),
        ]
    ),
    printable.map(str.strip) | st.sampled_from(["*/*;q=nan", "bytes=9-1,,", "th;q=x", "1.1.1.1"]),
    max_size=4,
)


class Target:
    """A shop with something in it, and the people who attack it."""

    def __init__(self, app, world, parts):
        self.app, self.world = app, world
        shopper = ShopperAtTheShop(app, world)
        shopper.puts_in_cart()
        shopper.pays()
        self.number = shopper.order_number
        shopper.signs_up()
        parts.staff_accounts.create_or_reset(STAFF, STAFF_PASSWORD)
        self.come_in()

    def come_in(self):
        """Have a shopper and somebody of the staff log in: their cookies, with their tokens."""
        shopper, staff = (ShopperAtTheShop(self.app, self.world) for _ in range(2))
        shopper.sends("/login", email="somchai@example.com", password=PASSWORD)
        shopper.puts_in_cart()
        staff.sends("/admin/login", email=STAFF, password=STAFF_PASSWORD)
        self.people = {p.cookie: p.csrf() for p in (shopper, staff)}
        self.people[""] = ""

    def is_in(self):
        """Whether both are still logged in; otherwise little is tried."""
        pages = []
        for cookie, path in zip(self.people, ("/account", "/admin"), strict=False):
            client = self.app.test_client()
            client.set_cookie("session", cookie)
            pages.append(client.get(path).status_code)
        return pages == [200, 200]

    def routes(self):
        return sorted({rule.rule for rule in self.app.url_map.iter_rules()} | {"/nope"})

    def fill(self, route, part, known):
        value = self.number if known else quote(part, safe="")
        return re.sub(r"<[^>]+>", lambda _: value, route)

    def send(self, method, path, cookie=None, **options):
        """Send it; what comes back is what must always come back."""
        asked = options.get("environ_overrides", {}).get("PATH_INFO", path)
        cookies = list(self.people)
        session = cookies[crc32(path.encode()) % len(cookies)] if cookie is None else cookie
        headers = {"X-CSRFToken": self.people.get(session, ""), **options.pop("headers", {})}
        client = self.app.test_client()
        if session:
            client.set_cookie("session", session)
        began = time.thread_time()  # not that of other programs
        answer = client.open(path, method=method, headers=headers, **options)
        took = time.thread_time() - began
        assert answer.status_code < 500 or answer.status_code in {501, 503}, (method, asked)
        assert answer.status_code != 503 or asked == "/readyz"
        assert took < SOON, (method, asked)
        is_file = asked.startswith("/static/")
        for name in HEADERS.keys() & STATIC_HEADERS.keys() if is_file else HEADERS:
            assert answer.headers[name] == HEADERS[name]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers.getlist("X-Request-Id")
        if asked in WAYS_OUT:
            self.come_in()
        return answer


@pytest.fixture
def target(app, world, parts):
    target = Target(app, world, parts)
    yield target
    assert target.is_in()
    assert ShopperAtTheShop(app, world).sees("/").status_code == 200
    charges = world.charges()
    assert [charge["amount"] % 1000 for charge in charges] == [0] * len(charges)


@pytest.fixture
def settings(settings):
    """No limit may hide what lies behind it, and the shield lets through what it would stop."""
    changes = {"posts_per_minute": 10**6, "velocity_scale": 10**4, "omise_read_timeout": 2}
    return settings.model_copy(update=changes)


fills = st.tuples(st.integers(0, 10**6), texts, st.booleans())


def path_of(target, fill):
    index, part, known = fill
    routes = target.routes()
    return target.fill(routes[index % len(routes)], part, known)


@fuzzed
@given(st.sampled_from(METHODS), fills, forms, forms)
def test_any_form_and_any_query(target, tried, method, fill, query, form):
    path = path_of(target, fill)
    if "password" in form and path in {"/login", "/signup", "/admin/login"}:
        form.pop("password")  # a hash takes long, and the shield has tests of its own
    target.send(method, path, query_string=urlencode(query), data=form)
    tried["fuzzed requests"] += 1


@fuzzed
@given(st.sampled_from(METHODS), fills, documents)
def test_any_json(target, tried, method, fill, document):
    target.send(method, path_of(target, fill), json=document)
    target.send("POST", "/charge", json=document)
    target.send("POST", "/csp-report", json=[{"body": document}, document])
    tried["fuzzed requests"] += 3


@fuzzed
@given(st.sampled_from(METHODS), fills, st.binary(max_size=80), st.sampled_from(TYPES))
def test_any_body(target, tried, method, fill, body, kind):
    target.send(method, path_of(target, fill), data=body, content_type=kind)
    target.send("POST", "/charge", data=b'{"token":' + body, content_type=kind)
    parts = b'--x\r\nContent-Disposition: form-data; name="' + body + b"\r\n--x--"
    target.send("POST", "/cart", data=parts, content_type="multipart/form-data; boundary=x")
    tried["fuzzed requests"] += 3


@fuzzed
@given(st.sampled_from(METHODS), fills, headers)
def test_any_headers(target, tried, method, fill, more):
    target.send(method, path_of(target, fill), headers=more)
    tried["fuzzed requests"] += 1


@fuzzed
@given(st.text(max_size=40), st.binary(max_size=12), forms)
def test_any_address(target, tried, path, raw, query):
    encoded = ("/" + path).encode().decode("latin-1")  # as a server hands it on
    overrides = {"PATH_INFO": encoded, "QUERY_STRING": urlencode(query)}
    target.send("GET", "/", environ_overrides=overrides)
    overrides = {"PATH_INFO": "/" + raw.decode("latin-1"), "QUERY_STRING": raw.decode("latin-1")}
    target.send("GET", "/", environ_overrides=overrides)
    tried["fuzzed requests"] += 2


@fuzzed
@given(
    fills,
    documents,
    st.sampled_from(["cart", "orders", "staff", "_user_id", "login", "key", "language"]),
)
def test_any_signed_session(target, tried, fill, document, name):
    """What an older version of the shop, or a mistake, may have left in a session."""
    signer = SecureCookieSessionInterface().get_signing_serializer(target.app)
    living = {"login": target.app.extensions["shop"].sessions.start()}
    other = document if isinstance(document, dict) else {name: [document]}
    for kept in (living | {name: document}, other):
        path = path_of(target, fill)
        target.send("GET", path, cookie=signer.dumps(kept))
        target.send("GET", "/checkout", cookie=signer.dumps(kept))
        tried["fuzzed requests"] += 2


def says_the_same(cookie, genuine):
    """Whether they differ at most in how the bytes of one signature are spelt."""
    (what, signature), (wanted, other) = (text.rsplit(".", 1) for text in (cookie, genuine))
    return what == wanted and urlsafe_b64decode(signature + "=") == urlsafe_b64decode(other + "=")


@fuzzed
@given(fills, printable, st.integers(0, 400), st.integers(1, 255))
def test_any_tampered_cookie(target, tried, fill, text, place, bits):
    genuine = max(target.people, key=len)
    place %= len(genuine)
    changed = genuine[:place] + chr(ord(genuine[place]) ^ bits) + genuine[place + 1 :]
    safe = re.sub(r"[\x00-\x20;,\"\\\x7f-\uffff]", "_", changed)
    for cookie in (safe, re.sub(r"[^!-~]|[;,\"\\]", "", text)):
        answer = target.send("GET", "/account", cookie=cookie)
        assert answer.status_code == 303 or says_the_same(cookie, genuine)
        tried["fuzzed requests"] += 1
