"""Fuzzing: random paths, queries, forms, JSON, bodies, headers and cookies for every route.

Every response is fast, carries the security headers, and is never a 500. `make fuzz` runs longer.
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

from storefront.factory import COOKIE_NAME
from storefront.web.headers import HEADERS, STATIC_HEADERS
from tests.attacks.conftest import PASSWORD as STAFF_PASSWORD
from tests.attacks.conftest import STAFF
from tests.support.flask_shopper import PASSWORD, FlaskShopper

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "40"))

#: The most seconds of processor time for a response.
MAX_SECONDS = 2

fuzzed = trying(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="FUZZ_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
    database=None,
)

#: A mail of the shop, in a frame of the admin: its policy lets it do nothing.
MAIL_BODY = re.compile(r"/admin/mails/\d+/body")
#: Requests to these paths end the session.
LOGOUTS = ("/logout", "/admin/logout", "/account/log-out-everywhere")

METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "NONSENSE")
FIELDS = """
    sku quantity email password old_password token card amount currency method cart save_card next
    items language key to q status since until before day hours count reason click confirmed
    csrf_token
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
    """A shop with an order, and sessions of a shopper and of staff."""

    def __init__(self, app, world, services):
        self.app, self.world = app, world
        shopper = FlaskShopper(app, world)
        shopper.puts_in_cart()
        shopper.pays()
        self.number = shopper.order_number
        shopper.signs_up()
        services.staff_accounts.create_or_reset(STAFF, STAFF_PASSWORD)
        self.log_in()

    def log_in(self):
        """Log in a shopper and staff, and store their cookies with their CSRF tokens."""
        shopper, staff = (FlaskShopper(self.app, self.world) for _ in range(2))
        shopper.sends("/login", email="somchai@example.com", password=PASSWORD)
        shopper.puts_in_cart()
        staff.sends("/admin/login", email=STAFF, password=STAFF_PASSWORD)
        self.people = {p.cookie: p.csrf() for p in (shopper, staff)}
        self.people[""] = ""

    def is_logged_in(self):
        """Whether both sessions are logged in; otherwise the requests reach little code."""
        pages = []
        for cookie, path in zip(self.people, ("/account", "/admin"), strict=False):
            client = self.app.test_client()
            client.set_cookie(COOKIE_NAME, cookie)
            pages.append(client.get(path).status_code)
        return pages == [200, 200]

    def routes(self):
        return sorted({rule.rule for rule in self.app.url_map.iter_rules()} | {"/nope"})

    def fill(self, route, part, known):
        value = self.number if known else quote(part, safe="")
        return re.sub(r"<[^>]+>", lambda _: value, route)

    def send(self, method, path, cookie=None, **options):
        """Send a request, and check what holds for every response."""
        requested = options.get("environ_overrides", {}).get("PATH_INFO", path)
        cookies = list(self.people)
        session = cookies[crc32(path.encode()) % len(cookies)] if cookie is None else cookie
        headers = {"X-CSRFToken": self.people.get(session, ""), **options.pop("headers", {})}
        client = self.app.test_client()
        if session:
            client.set_cookie(COOKIE_NAME, session)
        began = time.thread_time()  # without the time of other processes
        answer = client.open(path, method=method, headers=headers, **options)
        took = time.thread_time() - began
        assert answer.status_code < 500 or answer.status_code in {501, 503}, (method, requested)
        assert answer.status_code != 503 or requested == "/readyz"
        assert took < MAX_SECONDS, (method, requested)
        if answer.headers.get("X-Frame-Options") == "SAMEORIGIN":
            assert MAIL_BODY.fullmatch(requested)
            assert "sandbox" in answer.headers["Content-Security-Policy"]
            return answer
        is_file = requested.startswith("/static/")
        for name in HEADERS.keys() & STATIC_HEADERS.keys() if is_file else HEADERS:
            assert answer.headers[name] == HEADERS[name]
        if not is_file:
            assert "unsafe" not in answer.headers["Content-Security-Policy"]
            assert answer.headers.getlist("X-Request-Id")
        if requested in LOGOUTS:
            self.log_in()
        return answer


@pytest.fixture
def target(app, world, services):
    target = Target(app, world, services)
    yield target
    assert target.is_logged_in()
    assert FlaskShopper(app, world).sees("/").status_code == 200
    charges = world.charges()
    assert [charge["amount"] % 1000 for charge in charges] == [0] * len(charges)


@pytest.fixture
def settings(settings):
    """A shop whose limits hide none of the code behind them."""
    changes = {"posts_per_minute": 10**6, "velocity_scale": 10**4, "omise_read_timeout": 2}
    return settings.model_copy(update=changes)


fills = st.tuples(st.integers(0, 10**6), texts, st.booleans())


def path_of(target, fill):
    index, part, known = fill
    routes = target.routes()
    return target.fill(routes[index % len(routes)], part, known)


@fuzzed
@given(st.sampled_from(METHODS), fills, forms, forms)
def test_fuzzed_forms_and_queries_never_crash(target, attack_counter, method, fill, query, form):
    path = path_of(target, fill)
    if "password" in form and path in {"/login", "/signup", "/admin/login"}:
        form.pop("password")  # hashing is slow, and the velocity limits have tests of their own
    target.send(method, path, query_string=urlencode(query), data=form)
    attack_counter["fuzzed requests"] += 1


@fuzzed
@given(st.sampled_from(METHODS), fills, documents)
def test_fuzzed_json_never_crashes(target, attack_counter, method, fill, document):
    target.send(method, path_of(target, fill), json=document)
    target.send("POST", "/charge", json=document)
    target.send("POST", "/csp-report", json=[{"body": document}, document])
    attack_counter["fuzzed requests"] += 3


@fuzzed
@given(st.sampled_from(METHODS), fills, st.binary(max_size=80), st.sampled_from(TYPES))
def test_fuzzed_bodies_never_crash(target, attack_counter, method, fill, body, kind):
    target.send(method, path_of(target, fill), data=body, content_type=kind)
    target.send("POST", "/charge", data=b'{"token":' + body, content_type=kind)
    parts = b'--x\r\nContent-Disposition: form-data; name="' + body + b"\r\n--x--"
    target.send("POST", "/cart", data=parts, content_type="multipart/form-data; boundary=x")
    attack_counter["fuzzed requests"] += 3


@fuzzed
@given(st.sampled_from(METHODS), fills, headers)
def test_fuzzed_headers_never_crash(target, attack_counter, method, fill, more):
    target.send(method, path_of(target, fill), headers=more)
    attack_counter["fuzzed requests"] += 1


@fuzzed
@given(st.text(max_size=40), st.binary(max_size=12), forms)
def test_fuzzed_urls_never_crash(target, attack_counter, path, raw, query):
    encoded = ("/" + path).encode().decode("latin-1")  # as a WSGI server passes it
    overrides = {"PATH_INFO": encoded, "QUERY_STRING": urlencode(query)}
    target.send("GET", "/", environ_overrides=overrides)
    overrides = {"PATH_INFO": "/" + raw.decode("latin-1"), "QUERY_STRING": raw.decode("latin-1")}
    target.send("GET", "/", environ_overrides=overrides)
    attack_counter["fuzzed requests"] += 2


@fuzzed
@given(
    fills,
    documents,
    st.sampled_from(["cart", "orders", "staff", "_user_id", "login", "key", "language"]),
)
def test_fuzzed_session_never_crashes(target, attack_counter, fill, document, name):
    """As an older version or a bug may have left the session."""
    signer = SecureCookieSessionInterface().get_signing_serializer(target.app)
    living = {"login": target.app.extensions["shop"].sessions.start()}
    other = document if isinstance(document, dict) else {name: [document]}
    for content in (living | {name: document}, other):
        path = path_of(target, fill)
        target.send("GET", path, cookie=signer.dumps(content))
        target.send("GET", "/checkout", cookie=signer.dumps(content))
        attack_counter["fuzzed requests"] += 2


def is_equivalent(cookie, genuine):
    """Whether the cookies are equal but for the base64 spelling of the same signature."""
    (what, signature), (wanted, other) = (text.rsplit(".", 1) for text in (cookie, genuine))
    return what == wanted and urlsafe_b64decode(signature + "=") == urlsafe_b64decode(other + "=")


@fuzzed
@given(fills, printable, st.integers(0, 400), st.integers(1, 255))
def test_tampered_cookies_never_log_in(target, attack_counter, fill, text, place, bits):
    genuine = max(target.people, key=len)
    place %= len(genuine)
    changed = genuine[:place] + chr(ord(genuine[place]) ^ bits) + genuine[place + 1 :]
    safe = re.sub(r"[\x00-\x20;,\"\\\x7f-\uffff]", "_", changed)
    for cookie in (safe, re.sub(r"[^!-~]|[;,\"\\]", "", text)):
        answer = target.send("GET", "/account", cookie=cookie)
        assert answer.status_code == 303 or is_equivalent(cookie, genuine)
        attack_counter["fuzzed requests"] += 1
