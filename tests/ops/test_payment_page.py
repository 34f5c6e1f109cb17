"""The inventory of the payment page is correct, and differences are found."""

import hashlib
import re
from dataclasses import replace

import pytest

from storefront.ops.payment_page import Observed, approve, diff, inventory
from tests.support.flask_shopper import FlaskShopper
from tools.manifest import script

IMPORT = re.compile(r'^import .*?"\./([\w-]+\.js)"', re.MULTILINE | re.DOTALL)

#: Kind of card form → the script that it starts with.
FORMS = {
    "own": "omise/card-form.js",
    "popup": "omise/omise-popup.js",
    "embedded": "omise/omise-embedded.js",
}


def scripts_of(path):
    """A script and all that it imports."""
    folder = path.rpartition("/")[0]
    imported = IMPORT.findall(script(path).read_text())
    return {path}.union(*(scripts_of(f"{folder}/{name}") for name in imported))


def with_scripts(observed, **more):
    return replace(observed, scripts={**observed.scripts, **more})


def with_other_hashes(observed):
    return replace(observed, scripts=dict.fromkeys(observed.scripts, "00"))


@pytest.fixture
def expected(settings):
    """The inventory, with Omise's script approved."""
    return replace(inventory(settings), approved={settings.omise_js_url: "ab12"})


@pytest.fixture
def observed(settings, expected):
    """A page that is like its inventory."""
    own = {f"http://shop.test/static/1f/{path}": sha for path, sha in expected.own.items()}
    headers = {name.lower(): value for name, value in expected.headers.items()}
    return Observed({**own, settings.omise_js_url: "ab12"}, 0, headers)


@pytest.mark.parametrize("form", FORMS)
def test_inventory_lists_the_scripts_with_their_current_hashes(settings, form):
    """After a change to a script: make manifest."""
    expected = inventory(settings.model_copy(update={"card_form": form}))

    shop = {f"js/{name}.js" for name in ("checkout-lines", "shipping-country", "submit-once")}
    assert set(expected.own) == shop | scripts_of(FORMS[form])
    for path, digest in expected.own.items():
        assert digest == hashlib.sha256(script(path).read_bytes()).hexdigest(), path


@pytest.mark.parametrize("form", FORMS)
def test_inventory_lists_the_headers_of_the_checkout(shop_with, world, settings, form):
    expected = inventory(settings.model_copy(update={"card_form": form}))
    shopper = FlaskShopper(shop_with(card_form=form), world)
    shopper.puts_in_cart()

    page = shopper.sees("/checkout")

    for name, value in expected.headers.items():
        assert page.headers[name] == value, name


def test_page_like_its_inventory_has_no_differences(observed, expected):
    assert list(diff(observed, expected)) == []


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda page: replace(page, inline_scripts=1), "1 inline scripts in the page"),
        (
            lambda page: with_scripts(page, **{"https://evil.example/x.js": "1"}),
            "evil.example/x.js is not in the inventory",
        ),
        (
            lambda page: with_scripts(page, **{"http://shop.test/static/1f/js/x.js": "1"}),
            "js/x.js is not in the inventory",
        ),
        (lambda page: replace(page, scripts={}), "js/submit-once.js was not loaded"),
        (with_other_hashes, "js/submit-once.js differs from the released file"),
        (with_other_hashes, "omise.js has changed"),
        (lambda page: replace(page, headers={}), "Content-Security-Policy is None"),
        (
            lambda page: replace(page, headers={**page.headers, "x-frame-options": "ALLOW"}),
            "X-Frame-Options is 'ALLOW'",
        ),
    ],
)
def test_difference_is_reported(observed, expected, change, line):
    lines = list(diff(change(observed), expected))

    assert any(line in reported for reported in lines), lines


def test_third_party_script_must_be_approved(observed, expected):
    lines = list(diff(observed, replace(expected, approved={})))

    assert [line for line in lines if "is not approved" in line]


def test_approval_covers_only_third_party_scripts(settings, observed, expected, tmp_path):
    file = tmp_path / "data/approved.json"

    approve(observed, expected, file)

    assert inventory(settings, file).approved == {settings.omise_js_url: "ab12"}
