"""Forged hosts, open redirects, and header injection."""

import re
from email import message_from_bytes, policy
from urllib.parse import urljoin, urlsplit

import pytest

from tests.support.flask_shopper import PASSWORD

HOSTS = [
    "evil.example",
    "shop.test.evil.example",
    "evil.example:80",
    "evil.example#shop.test",
    "evilshop.test",
    "user@shop.test",
    "shop.test, evil.example",
    "shop.test/../evil.example",
    "[::1",
    "a b",
    "<script>alert(1)</script>",
    "",
]

#: Headers in which a proxy may send a host, and others that some frameworks trust.
OTHER_NAMES = (
    "X-Forwarded-Host",
    "X-Host",
    "X-Forwarded-Server",
    "X-Original-Host",
    "X-HTTP-Host-Override",
    "Forwarded",
    "X-Forwarded-Prefix",
    "X-Original-URL",
    "X-Rewrite-URL",
)
CHOOSE_ANOTHER = dict.fromkeys(OTHER_NAMES, "evil.example") | {
    "Forwarded": "host=evil.example;proto=http",
    "X-Forwarded-Prefix": "//evil.example",
}


def test_forged_host_is_rejected(app, stored_rows, attack_counter):
    for host in HOSTS:
        client = app.test_client()
        before = stored_rows()

        for method, path in [
            ("GET", "/"),
            ("GET", "/cart"),
            ("GET", "/nope"),
            ("GET", "/static/x/css/base.css"),
            ("GET", "/?q=4242424242424242"),
            ("POST", "/charge"),
            ("POST", "/csp-report"),
            ("POST", "/webhooks/omise"),
            ("GET", "/admin"),
            ("GET", "/metrics"),
        ]:
            for accept in ("text/html", "application/json"):
                answer = client.open(path, method=method, headers={"Host": host, "Accept": accept})
                attack_counter["forged hosts"] += 1
                if not host:  # HTTP/1.0 sends none; the server's own name is used
                    assert answer.status_code < 500
                    continue
                assert answer.status_code == 400, path
                assert "evil" not in answer.get_data(as_text=True)
                assert "Set-Cookie" not in answer.headers
                assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert stored_rows() == before


@pytest.mark.parametrize("hops", [0, 1])
def test_urls_are_built_from_public_url_only(shop_with, world, settings, hops, attack_counter):
    from tests.support.flask_shopper import ADDRESS, FlaskShopper

    app = shop_with(proxy_hops=hops, public_url="https://shop.test")
    shopper = FlaskShopper(app, world)
    headers = {"Host": "localhost:1234", **CHOOSE_ANOTHER}
    session = {"base_url": "https://localhost:1234/", "headers": headers}
    page = shopper.client.get("/login", **session).get_data(as_text=True)
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)[1]
    form = {"csrf_token": token, "sku": "mug", "email": "a@example.com", "token": world.token()}
    form |= ADDRESS
    headers["Referer"] = "https://localhost:1234/"

    added = shopper.client.post("/cart", data=form, **session)
    paid = shopper.client.post("/charge", data=form, **session)
    app.extensions["shop"].engine.worker.run_due()

    (charge,) = world.charges()
    assert charge["return_uri"].startswith("https://shop.test/payments/")
    (mail,) = settings.mail_folder.glob("*.eml")
    links = re.findall(r"https?://[^\s\"<>]+", text_of(mail))
    assert links
    assert {urlsplit(link).netloc for link in links} == {"shop.test"}
    for answer in (added, paid):
        assert (answer.status_code, urlsplit(answer.location).netloc) == (303, "")
        assert "evil" not in str(answer.headers) + answer.get_data(as_text=True)
    attack_counter["headers with another host"] += len(CHOOSE_ANOTHER)


def text_of(file):
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    return "".join(part.get_content() for part in message.walk() if not part.is_multipart())


def test_forged_client_address_is_ignored(shop_with):
    """Only the entry of our last proxy counts; a client may send any entries before it.

    Otherwise an attacker could change networks with every request.
    """
    from storefront.web.session import shopper

    app = shop_with(proxy_hops=1)

    def network(forwarded, address="127.0.0.1"):
        base = {"REMOTE_ADDR": address}
        with app.test_client() as client:
            client.get("/cart", headers={"X-Forwarded-For": forwarded}, environ_base=base)
            return shopper().payer_identifiers().network

    assert network("1.1.1.1, 8.8.4.4") == network("9.9.9.9, 8.8.4.4") == "8.8.4.0/24"
    assert network("8.8.4.4, unknown") is None
    assert network("::ffff:8.8.4.4") == "8.8.4.0/24"


# Redirects

AWAY = [
    "//evil.example",
    "///evil.example",
    "////evil.example/%2e%2e",
    "https://evil.example",
    "HTTPS:evil.example",
    "http:///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "\t//evil.example",
    "\x01//evil.example",
    " //evil.example",
    "/\x00/evil.example",
    "//evil.example@shop.test",
    "//shop.test@evil.example",
    "//[",
    "http://[",
    "//\u2100.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "/ok\r\nSet-Cookie: session=planted",
    "/ok\rX-Evil: 1",
    "",
    "?next=//evil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/%09/evil.example",
    "/%5cevil.example",
    "/;//evil.example",
    "/\u3000//evil.example",
]


def leads_to(location):
    """The host that a browser goes to: it skips tabs and line ends, and reads \\ as /."""
    plain = re.sub(r"[\t\r\n]", "", location).strip(" \x00\x1f").replace("\\", "/")
    return urlsplit(urljoin("http://shop.test/login", plain)).netloc


def test_next_page_is_never_on_another_host(shopper, attack_counter):
    for path in AWAY:
        shopper.client.get("/login", query_string={"next": path})
        answer = shopper.sends("/language", language="en", next=path)
        by_query = shopper.client.post(
            "/language", query_string={"next": path}, data={"csrf_token": shopper.csrf()}
        )
        form = shopper.client.get("/login", query_string={"next": path})
        attack_counter["open redirects"] += 3

        for redirect in (answer, by_query):
            assert redirect.status_code in {303, 400}
            if redirect.status_code == 303:
                assert leads_to(redirect.location) == "shop.test"
                assert "Evil" not in redirect.headers
                assert "planted" not in redirect.headers.get("Set-Cookie", "")
        assert form.status_code in {200, 400}
        for value in re.findall(r'name="next" value="([^"]*)"', form.get_data(as_text=True)):
            assert leads_to(value) == "shop.test"


def test_login_does_not_redirect_to_another_host(member, attack_counter):
    for path in AWAY:
        known = {"email": "somchai@example.com", "password": PASSWORD, "next": path}
        answer = member.sends("/login", **known)
        attack_counter["open redirects"] += 1

        assert answer.status_code in {303, 400}
        if answer.status_code == 303:
            assert leads_to(answer.location) == "shop.test"


@pytest.mark.parametrize("path", AWAY[:6])
def test_signup_does_not_redirect_to_another_host(shopper, path, attack_counter):
    known = {"email": "somchai@example.com", "password": PASSWORD, "next": path}
    answer = shopper.sends("/signup", **known)
    attack_counter["open redirects"] += 1

    assert answer.status_code == 303
    assert leads_to(answer.location) == "shop.test"


def test_local_next_page_is_followed(member, shopper):
    for path in ("/cards", "/orders?a=b&c=%20", "/products/mug#top"):
        assert shopper.sends("/language", language="en", next=path).location == path


@pytest.mark.parametrize("path", ["//evil.example/cart", "/\\evil.example/..", "//evil.example//"])
def test_router_does_not_redirect_to_another_host(app, path):
    answer = app.test_client().open("/", environ_overrides={"PATH_INFO": path, "REQUEST_URI": path})

    assert answer.status_code in {301, 303, 308, 404}
    assert answer.location is None or leads_to(answer.location) in {"localhost", "shop.test"}


# Headers

LINES = ["\r\nBcc: evil@example.com", "\nX-Evil: 1", "\r\n\r\n<script>", "%0d%0aX-Evil: 1", "\x85X"]


@pytest.mark.parametrize("line", LINES)
def test_line_breaks_inject_no_header_into_responses_or_mails(
    shopper, staff, settings, services, world, line, attack_counter
):
    shopper.puts_in_cart()
    for email in (f"a@example.com{line}", f"a{line}@example.com", f'"a{line}"@example.com'):
        shopper.pays(email=email)
        assert world.charges() == []
    shopper.pays(email="a@example.com")
    number = shopper.order_number
    answers = [
        shopper.client.get(f"/orders/{number}{line.replace('%', '%25')}"),
        shopper.client.get("/login", query_string={"next": f"/x{line}"}),
        staff.sends(
            f"/admin/orders/{number}/refund",
            amount="1.00",
            reason=f"broken{line}",
            confirmed="yes",
            idempotency_key="c1",
        ),
    ]
    assert answers[-1].status_code == 303
    services.engine.worker.run_due()
    attack_counter["header injections"] += 6

    assert not any("X-Evil" in answer.headers for answer in answers)
    mails = list(settings.mail_folder.glob("*.eml"))
    assert len(mails) == 2
    for mail in mails:
        message = message_from_bytes(mail.read_bytes(), policy=policy.default)
        assert set(message) == {
            *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
            *("MIME-Version", "Content-Type"),
        }
        assert message["To"] == "a@example.com"
