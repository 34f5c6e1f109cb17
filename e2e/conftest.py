"""The stage: a shop and a sandbox that run as in production, a browser, and two watchmen."""

import pytest
from playwright.sync_api import expect

from e2e.pages.admin import PASSWORD, STAFF, OfficePage
from e2e.support import browser as browsers
from e2e.support.cards import VISA, typed
from e2e.support.merchant_site import running_merchant
from e2e.support.sandbox import PUBLIC_KEY, SECRET_KEY, WEBHOOK_SECRET, Omise
from e2e.support.servers import RunningShop, free_port, running
from e2e.support.shopper import Shopper
from e2e.support.watch import Watch

DIALECTS = ("documented", "recorded")

expect.set_options(timeout=10_000)


def pytest_configure(config):
    config.addinivalue_line("markers", "both_dialects: runs on either way in which Omise answers")
    if config.pluginmanager.has_plugin("xdist"):
        config.pluginmanager.register(browsers.SharedSearch())


def pytest_report_header(config):
    """Name the browser."""
    return browsers.header(config)


def pytest_generate_tests(metafunc):
    """Main journeys run on both dialects, the rest on the documented one."""
    if "dialect" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("both_dialects")
        metafunc.parametrize("dialect", DIALECTS if both else DIALECTS[:1], scope="session")


# Programs


@pytest.fixture(scope="session")
def running_omise(dialect, tmp_path_factory):
    port = free_port()
    args = ["--port", str(port), "--dialect", dialect]
    keys = ["--public-key", PUBLIC_KEY, "--secret-key", SECRET_KEY]
    log = tmp_path_factory.mktemp("sandbox") / "log"
    with running("sandbox", *args, *keys, port=port, log=log):
        yield Omise(port)


@pytest.fixture(scope="session")
def shop_settings(request):
    """How the shop differs from the usual one; a module asks for another by `with_shop`."""
    return getattr(request, "param", {})


@pytest.fixture(scope="session")
def running_shop(running_omise, shop_settings, tmp_path_factory):
    """The shop, under gunicorn, with a database of its own."""
    port, folder = free_port(), tmp_path_factory.mktemp("shop")
    settings = {
        "OMISE_PUBLIC_KEY": PUBLIC_KEY,
        "OMISE_SECRET_KEY": SECRET_KEY,
        "OMISE_API_URL": running_omise.url,
        "OMISE_VAULT_URL": running_omise.url,
        "OMISE_JS_URL": f"{running_omise.url}/omise.js",
        "OMISE_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "SECRET_KEY": "signs the sessions of the browser tests",
        "DATABASE_URL": f"sqlite:///{folder / 'shop.db'}",
        "MAIL_FOLDER": str(folder / "mail"),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
        "STYLEGUIDE": "true",
        "WEB_CONCURRENCY": "2",
        **shop_settings,
    }
    with running("gunicorn", "app:app", port=port, log=folder / "log", **settings):
        yield RunningShop(settings)


@pytest.fixture(scope="session")
def base_url(running_shop):
    """Where the shop is."""
    return running_shop.url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, browser_name, pytestconfig):
    """The Chromium that was found; another browser or channel, when asked for, is obeyed."""
    if browser_name != "chromium" or "channel" in browser_type_launch_args:
        return browser_type_launch_args
    return browsers.launch_options(pytestconfig, browser_type_launch_args)


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    """A shopper's language; and no movement, so that what is looked at has come to rest."""
    return {**browser_context_args, "locale": "en-GB", "reduced_motion": "reduce"}


# Watchmen


@pytest.fixture
def watch(base_url, running_omise):
    omise = running_omise.url.removeprefix("http://")
    return Watch(base_url, omise, omise.replace("localhost", "127.0.0.1"))


@pytest.fixture(autouse=True)
def quiet_browser(watch):
    """No page logs an error, throws, breaks the content policy or asks a stranger.

    A test that provokes an error declares it: `quiet_browser.expect("status of 402")`.
    """
    yield watch
    assert watch.complaints() == []
    assert watch.strangers == []


@pytest.fixture(autouse=True)
def no_card_data_reaches_the_shop(watch):
    """No request to the shop carries the number or the security code of a card that was typed."""
    typed.clear()
    yield
    assert watch.leaks(typed) == []


@pytest.fixture
def new_context(new_context, watch):
    """Every context of a test is watched."""
    contexts = []

    def watched(**options):
        contexts.append(new_context(**options))
        watch.follow(contexts[-1])
        return contexts[-1]

    yield watched
    for context in contexts:
        watch.look_into(context)


# Who is on stage


@pytest.fixture(autouse=True)
def omise(running_omise):
    """Omise, fresh for each test. A fault that was armed must have struck."""
    yield running_omise
    unspent = running_omise.unspent_faults()
    running_omise.starts_afresh()
    assert unspent == []


@pytest.fixture
def shopper(page):
    """A guest with an empty cart."""
    return Shopper(page)


@pytest.fixture
def member(page):
    """A shopper with a new account, logged in."""
    shopper = Shopper(page)
    shopper.signs_up()
    return shopper


@pytest.fixture
def another_shopper(new_context):
    """Somebody else, at another computer."""
    return Shopper(new_context().new_page())


@pytest.fixture(scope="session")
def staff_account(running_shop):
    """Somebody of the staff, let in by the command."""
    running_shop.command("create-staff", STAFF, "--password", PASSWORD)


@pytest.fixture
def office(staff_account, new_context):
    """The back office, with somebody of the staff in it."""
    return OfficePage.log_in(new_context().new_page())


@pytest.fixture
def order(shopper, omise, base_url):
    """The number of an order that was paid just now, of which a webhook told too."""
    omise.tells(base_url)
    number = shopper.has_paid_with(VISA).number
    omise.has_told()
    return number


# A site of somebody else's


@pytest.fixture(scope="module")
def site():
    """Another merchant's site."""
    with running_merchant() as merchant:
        yield merchant


@pytest.fixture
def show(page, site, watch, omise):
    """Shows a page of the merchant that loads Omise.js."""
    watch.known_hosts.add(site.url.removeprefix("http://"))

    def show(body="", script_tag=f'<script src="{omise.url}/omise.js"></script>'):
        page.goto(site.serves(script_tag + body))
        if "data-key" not in body:
            page.evaluate("(key) => Omise.setPublicKey(key)", PUBLIC_KEY)
        return page

    return show
