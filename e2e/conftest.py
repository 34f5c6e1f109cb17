"""The programs under test, a browser that is watched, and who uses it."""

import pytest
from playwright.sync_api import expect

from e2e.support import browser as browsers
from e2e.support.cards import entered_cards
from e2e.support.purchases import place_order
from e2e.support.sandbox import PUBLIC_KEY, SECRET_KEY, Sandbox
from e2e.support.servers import SANDBOX, free_port, running
from e2e.support.shopper import Shopper
from e2e.support.shops import Shops
from e2e.support.watch import Watch

DIALECTS = ("documented", "recorded")

expect.set_options(timeout=10_000)


def pytest_configure(config):
    """Register the marker, and share the browser that is found."""
    config.addinivalue_line("markers", "both_dialects: runs on either way in which Omise answers")
    if config.pluginmanager.has_plugin("xdist"):
        config.pluginmanager.register(browsers.SharedSearch())


def pytest_report_header(config):
    """Name the browser."""
    return browsers.header(config)


def pytest_generate_tests(metafunc):
    """Run main journeys on both dialects; the rest runs on the documented one."""
    if metafunc.definition.get_closest_marker("both_dialects"):
        metafunc.parametrize("dialect", DIALECTS, indirect=True)


# Programs


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory):
    """The sandbox, which every shop of this process talks to."""
    port = free_port()
    keys = ["--public-key", PUBLIC_KEY, "--secret-key", SECRET_KEY]
    log = tmp_path_factory.mktemp("sandbox") / "log"
    with running("omise_sandbox", "--port", str(port), *keys, port=port, log=log, **SANDBOX):
        yield Sandbox(port)


@pytest.fixture(scope="session")
def shops(sandbox, tmp_path_factory):
    """The shops, each started when a test first asks for its settings."""
    shops = Shops(sandbox, tmp_path_factory)
    yield shops
    shops.stop()


@pytest.fixture(scope="session")
def shop_settings(request):
    """How the shop differs from the usual one; a module asks for another by `with_shop`."""
    return getattr(request, "param", {})


@pytest.fixture(scope="session")
def shop(shops, shop_settings):
    """The shop, under gunicorn."""
    return shops.get(shop_settings)


@pytest.fixture(scope="session")
def base_url(shop):
    """The address of the shop."""
    return shop.url


@pytest.fixture
def dialect(request):
    """The way in which Omise answers."""
    return getattr(request, "param", DIALECTS[0])


@pytest.fixture(autouse=True)
def world(shop, dialect):
    """The shop's account at Omise, empty at first. A fault that was added must be used."""
    shop.world.reset(dialect)
    yield shop.world
    assert shop.world.unused_faults() == []


# The browser


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, browser_name, pytestconfig):
    """The browser that was found; one that the command line names is used as it is."""
    if browser_name == "firefox":
        return browsers.firefox_options(browser_type_launch_args)
    if browser_name != "chromium" or "channel" in browser_type_launch_args:
        return browser_type_launch_args
    return browsers.launch_options(pytestconfig, browser_type_launch_args)


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    """A shopper's language; and no movement, so that a page is at rest when it is looked at."""
    return {**browser_context_args, "locale": "en-GB", "reduced_motion": "reduce"}


@pytest.fixture
def watch(base_url, sandbox):
    """Watches all pages of the test."""
    return Watch(base_url, *sandbox.hosts)


@pytest.fixture
def new_context(new_context, watch):
    """Makes contexts that are watched."""
    contexts = []

    def watched(**options):
        contexts.append(new_context(**options))
        watch.follow(contexts[-1])
        return contexts[-1]

    yield watched
    for context in contexts:
        watch.read_cookies(context)


@pytest.fixture
def clock(page):
    """The browser's clock, which a test may advance."""
    page.clock.install()
    return page.clock


@pytest.fixture(autouse=True)
def quiet_browser(watch):
    """No page logs an error, throws, breaks the content policy or contacts an unknown host.

    A test that provokes an error says so: `quiet_browser.expect_status(402)`.
    """
    yield watch
    assert watch.problems() == []
    assert watch.unknown_hosts == []


@pytest.fixture(autouse=True)
def no_card_data_reaches_the_shop(watch):
    """No request to the shop carries the number or the security code of an entered card."""
    entered_cards.clear()
    yield
    assert watch.leaks(entered_cards) == []


# Who uses it


@pytest.fixture
def shopper(page):
    """A guest with an empty cart."""
    return Shopper(page)


@pytest.fixture
def member(page):
    """A shopper with a new account, logged in."""
    shopper = Shopper(page)
    shopper.sign_up()
    return shopper


@pytest.fixture
def another_shopper(new_context):
    """A second shopper, at another computer."""
    return Shopper(new_context().new_page())


@pytest.fixture
def shopper_without_javascript(new_context):
    """A guest whose browser runs no scripts."""
    return Shopper(new_context(java_script_enabled=False).new_page())


@pytest.fixture
def order(context, world, base_url):
    """The number of a paid order of the shopper, whose webhook has arrived."""
    world.send_webhooks_to(base_url)
    number = place_order(context.request, world)
    world.wait_for_webhooks()
    return number
