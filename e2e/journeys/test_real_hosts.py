"""The shop as in production: real host names over TLS.

Only what a merchant sets is set. A throw-away authority signs the certificates of the hosts; their
names resolve to this machine: in the browser by its rules, in the shop by the module below.
"""

import base64
import hashlib
import ssl
from contextlib import ExitStack
from typing import NamedTuple

import pytest
import requests
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import expect

from e2e.pages import CardsPage, OrderPage, ProductPage, SignupPage
from e2e.support.cards import THREE_DS_CARD, VISA
from e2e.support.csp_reports import FOREIGN_IMAGE, LOAD_FOREIGN_IMAGE, CspReports
from e2e.support.sandbox import PUBLIC_KEY, SECRET_KEY, World
from e2e.support.servers import SANDBOX, free_port, running
from e2e.support.shopper import PASSWORD
from e2e.support.watch import Watch

MUG = 390_00
SHOP = "shop.example"
OMISE_HOSTS = ("cdn.omise.co", "vault.omise.co", "api.omise.co")

#: What gunicorn runs: the unchanged shop, on a machine that resolves names differently.
SHOP_MODULE = """
import os, socket

getaddrinfo = socket.getaddrinfo

def resolve_here(host, port, *more, **options):
    if str(host).endswith("omise.co"):
        host, port = "127.0.0.1", int(os.environ["PORT_OF_OMISE"])
    return getaddrinfo(host, port, *more, **options)

socket.getaddrinfo = resolve_here

from app import app
"""

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "require-trusted-types-for": "'script'",
    "report-uri": "/csp-report",
    "report-to": "csp",
}
WITH_A_CARD_FORM = {
    "script-src": "'self' https://cdn.omise.co",
    "frame-src": "https://vault.omise.co",
}


class Production(NamedTuple):
    """The running programs, and how a browser reaches them."""

    world: World
    reports: CspReports
    arguments: list[str]
    folder: object


def pin_of(certificate):
    """The hash by which Chromium accepts this certificate and no other unknown one."""
    key = x509.load_pem_x509_certificate(certificate).public_key()
    encoded = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(encoded).digest()).decode()


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    """The shop and the sandbox, under the host names of production."""
    folder = tmp_path_factory.mktemp("real")
    authority = trustme.CA()
    leaf = authority.issue_cert(SHOP, *OMISE_HOSTS, "127.0.0.1")
    authority_file = str(folder / "authority.pem")
    authority.cert_pem.write_to_path(authority_file)
    leaf.private_key_and_cert_chain_pem.write_to_path(str(folder / "leaf.pem"))
    (folder / "shop_over_tls.py").write_text(SHOP_MODULE)
    sandbox, shop = free_port(), free_port()
    certificate = str(folder / "leaf.pem")
    keys = ["--public-key", PUBLIC_KEY, "--secret-key", SECRET_KEY]
    tls = ["--tls-cert", certificate, "--port", str(sandbox)]
    settings = {
        "OMISE_PUBLIC_KEY": PUBLIC_KEY,
        "OMISE_SECRET_KEY": SECRET_KEY,
        "SECRET_KEY": "signs the sessions of the browser tests",
        "DATABASE_URL": f"sqlite:///{folder / 'shop.db'}",
        "PUBLIC_URL": f"https://{SHOP}",
        "PORT": str(shop),
        "WEB_CONCURRENCY": "1",
        "PYTHONPATH": str(folder),
        "PORT_OF_OMISE": str(sandbox),
        "REQUESTS_CA_BUNDLE": authority_file,
    }
    gunicorn = ["--certfile", certificate, "--keyfile", certificate, "shop_over_tls:app"]
    rules = [f"MAP {SHOP} 127.0.0.1:{shop}", *(f"MAP {h} 127.0.0.1:{sandbox}" for h in OMISE_HOSTS)]
    with ExitStack() as programs:
        programs.enter_context(
            running(
                "omise_sandbox", *tls, *keys, port=sandbox, log=folder / "sandbox.log", **SANDBOX
            )
        )
        programs.enter_context(
            running("gunicorn", *gunicorn, port=shop, log=folder / "shop.log", **settings)
        )
        sandbox_url = f"https://127.0.0.1:{sandbox}"
        world = World(sandbox_url, sandbox_url, PUBLIC_KEY, SECRET_KEY)
        world.trust(authority_file)
        yield Production(
            world,
            CspReports(f"https://127.0.0.1:{shop}", host=SHOP, authority=authority_file),
            [
                f"--host-resolver-rules={', '.join(rules)}, MAP * ~NOTFOUND",
                f"--ignore-certificate-errors-spki-list={pin_of(leaf.cert_chain_pems[0].bytes())}",
            ],
            folder,
        )


@pytest.fixture
def watch():
    """Watches the pages of these hosts."""
    return Watch(f"https://{SHOP}", *OMISE_HOSTS)


@pytest.fixture
def page(production, watch, browser_type, browser_type_launch_args):
    """A page of a browser that knows these hosts, watched like all others."""
    own = [a for a in browser_type_launch_args.get("args", []) if "host-resolver" not in a]
    options = {**browser_type_launch_args, "args": [*own, *production.arguments]}
    browser = browser_type.launch(**options)
    context = browser.new_context(
        base_url=f"https://{SHOP}", locale="en-GB", reduced_motion="reduce"
    )
    watch.follow(context)
    yield context.new_page()
    watch.cookies += [cookie["value"] for cookie in context.cookies()]
    browser.close()


def rules_of(answer):
    """The content policy of an answer, rule by rule."""
    parts = answer.headers["content-security-policy"].split("; ")
    return dict(part.split(" ", 1) for part in parts)


def check_out(page):
    """Put a mug in the cart, page by page, and go to the checkout."""
    return ProductPage.open(page, "mug").add_to_cart().check_out()


def test_shopper_buys_as_in_production(page, production):
    """With a new card, with 3-D Secure, and with a saved card."""
    answers = {}
    page.on("response", lambda answer: answers.setdefault(answer.url, answer))
    SignupPage.open(page).submit("nok@example.com", PASSWORD)
    expect(page.get_by_role("button", name="Log out")).to_be_visible()

    check_out(page).pay_with(VISA, save=True).expect_status("paid")
    bank = check_out(page).go_to_bank_with(THREE_DS_CARD)
    assert page.url.startswith("https://api.omise.co/")
    bank.approve()
    OrderPage(page).expect_status("paid")
    checkout = check_out(page)
    checkout.select_method(VISA.label)
    checkout.pay().expect_status("paid")
    expect(CardsPage.open(page).entry(VISA)).to_be_visible()

    assert production.world.payments() == [(MUG, "successful")] * 3
    assert "https://cdn.omise.co/omise.js" in answers
    assert any(url.startswith("https://vault.omise.co/") for url in answers)
    ours = {url: one for url, one in answers.items() if url.startswith(f"https://{SHOP}/")}
    for url, answer in ours.items():
        assert answer.headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"
        if "/static/" in url:
            if answer.headers["content-type"].startswith("image/"):
                assert rules_of(answer) == {"default-src": "'none'"}, url
            continue
        expected = WITH_A_CARD_FORM if url.endswith(("/checkout", "/cards")) else {}
        assert rules_of(answer) == POLICY | expected, url
        assert answer.headers["reporting-endpoints"] == 'csp="/csp-report"'
    pages = [url for url in ours if "/static/" not in url]
    assert len(pages) > 5
    cookies = page.context.cookies(f"https://{SHOP}")
    session = "__Host-lantern_loom_session"
    assert {cookie["name"] for cookie in cookies} == {session, f"{session}_device"}
    for cookie in cookies:
        assert (cookie["secure"], cookie["httpOnly"], cookie["path"]) == (True, True, "/")
        assert (cookie["sameSite"], cookie["domain"]) == ("Lax", SHOP)
    assert page.evaluate("document.cookie") == ""
    log = (production.folder / "shop.log").read_text()
    assert '"status": 5' not in log
    assert VISA.number not in log


def test_violation_is_reported_by_the_reporting_api(page, production, watch):
    """Over TLS Chromium heeds `report-to` and leaves out `report-uri`.

    It reports for sites that may work in the background: every site at first, but none of a
    Chromium without a head.
    """
    watch.allow("CSP: img-src", FOREIGN_IMAGE)
    page.context.grant_permissions(["background-sync"])
    before = production.reports.counts()
    page.goto("/products/mug")
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    page.evaluate(LOAD_FOREIGN_IMAGE)

    assert production.reports.rises(page, "img-src", before)
    assert not [r for r in watch.sent_to_shop if r.url.endswith("/csp-report")]  # not by the page
    assert watch.unknown_hosts.pop() == FOREIGN_IMAGE  # requested, and never sent


def test_certificates_are_verified(production):
    """The tests above would pass as well if certificates were not verified."""
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"{production.world.url}/_sandbox/health", timeout=10)
    assert ssl.create_default_context().verify_mode == ssl.CERT_REQUIRED
