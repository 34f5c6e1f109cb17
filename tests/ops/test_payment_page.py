"""The inventory of the payment page is true, and drift from it is seen, in a real browser too."""

import hashlib
import re
from dataclasses import replace

import pytest

from storefront.ops.payment_page import Seen, drift, inventory
from tests.support.programs import ROOT, Shop
from tests.support.shopper import ShopperAtTheShop

IMPORT = re.compile(r'^import .*?"\./([\w-]+\.js)"', re.MULTILINE | re.DOTALL)


def loaded_by(name):
    """A script and those that it imports."""
    text = (ROOT / "static/js" / name).read_text()
    return {f"js/{name}"}.union(*(loaded_by(other) for other in IMPORT.findall(text)))


@pytest.fixture
def wanted(settings, tmp_path):
    """The inventory, with Omise's script accepted."""
    return replace(inventory(settings), accepted={settings.omise_js_url: "ab12"})


@pytest.fixture
def seen(settings, wanted):
    """A page that is just as it should be."""
    ours = {f"http://shop.test/static/1f/{path}": d for path, d in wanted.ours.items()}
    headers = {name.lower(): value for name, value in wanted.headers.items()}
    return Seen({**ours, settings.omise_js_url: "ab12"}, 0, headers)


#: Kind of form → the script that it begins with.
FORMS = {"own": "card-form.js", "popup": "omise-popup.js", "embedded": "omise-embedded.js"}


@pytest.mark.parametrize("form", FORMS)
def test_our_scripts_are_those_of_the_page_with_their_present_hashes(settings, form):
    """After a change to static/js: make manifest."""
    wanted = inventory(settings.model_copy(update={"card_form": form}))

    assert set(wanted.ours) == loaded_by("main.js") | loaded_by(FORMS[form])
    for path, digest in wanted.ours.items():
        assert digest == hashlib.sha256((ROOT / "static" / path).read_bytes()).hexdigest(), path


@pytest.mark.parametrize("form", FORMS)
def test_the_headers_are_those_of_the_checkout(shop_with, world, settings, form):
    wanted = inventory(settings.model_copy(update={"card_form": form}))
    shopper = ShopperAtTheShop(shop_with(card_form=form), world)
    shopper.puts_in_cart()

    page = shopper.sees("/checkout")

    for name, value in wanted.headers.items():
        assert page.headers[name] == value, name


def test_nothing_is_said_of_a_page_that_is_as_it_should_be(seen, wanted):
    assert list(drift(seen, wanted)) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda s: replace(s, inline_scripts=1), "1 scripts stand in the page itself"),
        (lambda s: with_scripts(s, **{"https://evil.example/x.js": "1"}), "not in the inventory"),
        (
            lambda s: with_scripts(s, **{"http://shop.test/static/1f/js/x.js": "1"}),
            "js/x.js is not",
        ),
        (lambda s: replace(s, scripts={}), "js/main.js did not arrive"),
        (lambda s: replace(s, scripts=dict.fromkeys(s.scripts, "00")), "is not what was released"),
        (lambda s: replace(s, scripts=dict.fromkeys(s.scripts, "00")), "omise.js has changed"),
        (lambda s: replace(s, headers={}), "Content-Security-Policy is None"),
        (lambda s: replace(s, headers={**s.headers, "x-frame-options": "ALLOW"}), "is 'ALLOW'"),
    ],
)
def test_drift_is_told(seen, wanted, change, words):
    told = list(drift(change(seen), wanted))

    assert any(words in line for line in told), told


def with_scripts(seen, **more):
    return replace(seen, scripts={**seen.scripts, **more})


def test_the_script_of_others_must_be_accepted(seen, wanted):
    assert any("not been accepted" in line for line in drift(seen, replace(wanted, accepted={})))


@pytest.fixture
def running(world, database_url, tmp_path):
    """The shop under gunicorn."""
    shop = Shop(world, database_url, tmp_path).start()
    yield shop
    shop.stop()


def test_a_browser_looks_and_tells_what_has_changed(running, tmp_path):
    kept = tmp_path / "accepted.json"

    first = running.command("payment-page", "--accepted", str(kept))
    assert "omise.js has not been accepted yet" in first.stdout, first.stderr
    accepted = running.command("payment-page", "--accepted", str(kept), "--accept")

    assert "7 scripts, 6 headers: 1 differences" in first.stdout
    assert "0 differences" in accepted.stdout
    assert [first.returncode, accepted.returncode] == [1, 0]
