"""Search over charges and customers: queries, filters, pages, and invalid requests."""

import pytest
import requests

from omise_sandbox.testing.world import World
from tests.sandbox.recordings import assert_same_shape, recording


@pytest.fixture(scope="module")
def shop(sandbox_url):
    """A merchant with some charges of every kind, created on three days."""
    world = World.new(sandbox_url)
    world.control("POST", "clock", {"frozen": True})
    card = {"card": world.token("5555555555554444", name="MANEE")}
    _charge(world, 5_000, description="Order 1", metadata={"order": "A-17"}, **card)
    _charge(world, 10_050, description="order 2", card=world.token("4111111111140011"))
    world.advance(86_400)
    held = _charge(world, 20_000, capture=False, card=world.token())
    _charge(world, 30_000, capture=False, card=world.token())
    world.api("POST", f"/charges/{held['id']}/reverse")
    world.advance(86_400)
    _charge(world, 50_000, source={"type": "promptpay"})
    paid = _charge(world, 4_000, currency="JPY", card=world.token())
    world.api("POST", f"/charges/{paid['id']}/refunds", {"amount": 1_000})
    world.api("POST", "/customers", {"email": "somchai@example.com", "card": world.token()})
    world.api("POST", "/customers", {"description": "Manee", "metadata": {"tier": "gold"}})
    return world


def _charge(world, amount, currency="THB", **more):
    return world.api("POST", "/charges", {"amount": amount, "currency": currency} | more)


def amounts(shop, **params):
    """The amounts of the charges found, smallest first."""
    found = shop.api("GET", "/search", scope="charge", **params)
    assert found["object"] == "search", found
    assert found["total"] == len(found["data"])
    return sorted(charge["amount"] for charge in found["data"])


def filters(**params):
    """The filters as query parameters."""
    return {f"filters[{name}]": wish for name, wish in params.items()}


def day_of(shop, amount):
    """The day of the charge's creation."""
    (charge,) = (each for each in shop.charges() if each["amount"] == amount)
    return charge["created_at"][:10]


def test_search_has_the_recorded_envelope(shop):
    shop.control("POST", "settings", {"dialect": "recorded"})
    found = shop.api("GET", "/search", scope="charge", query="order", **filters(captured="true"))
    shop.control("POST", "settings", {"dialect": "documented"})

    recorded = recording("search-charges")
    assert_same_shape(found, recorded)
    same = ("export", "page", "per_page", "total_pages", "filters", "location", "order", "query")
    assert {name: found[name] for name in same} == {name: recorded[name] for name in same}
    assert [charge["description"] for charge in found["data"]] == ["Order 1"]


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"amount": "50"}, [5_000]),
        ({"amount": "50..200"}, [5_000, 10_050, 20_000]),
        ({"amount": "100.50"}, [10_050]),
        ({"amount": "300.."}, [4_000, 30_000, 50_000]),
        ({"amount": "4000", "currency": "jpy"}, [4_000]),
        ({"authorized": "yes"}, [4_000, 5_000, 20_000, 30_000]),
        ({"capture": "no"}, [20_000, 30_000]),
        ({"captured": "on"}, [4_000, 5_000]),
        ({"card_last_digits": "4444"}, [5_000]),
        ({"disputed": "true"}, []),
        ({"failure_code": "insufficient_fund"}, [10_050]),
        ({"refunded": "true"}, [4_000]),
        ({"refund_amount": "1000"}, [4_000]),
        ({"reversed": "true"}, [20_000]),
        ({"source_type": "promptpay"}, [50_000]),
        ({"status": "pending"}, [30_000, 50_000]),
        ({"status": "pending", "authorized": "off"}, [50_000]),
        ({"voided": "true"}, []),
    ],
)
def test_filters_select_charges(shop, params, found):
    assert amounts(shop, **filters(**params)) == found


def test_date_filters_include_the_whole_day(shop):
    first, second = day_of(shop, 5_000), day_of(shop, 20_000)

    assert amounts(shop, **filters(created=first)) == [5_000, 10_050]
    assert amounts(shop, **filters(created=f"{first}..{second}")) == [5_000, 10_050, 20_000, 30_000]
    assert amounts(shop, **filters(authorized_at=f"..{second}")) == [5_000, 20_000, 30_000]
    assert amounts(shop, **filters(captured_at=f"{second.replace('-', '/')}..")) == [4_000]


@pytest.mark.parametrize(
    ("query", "found"),
    [("ORDER", [5_000, 10_050]), ("a-17", [5_000]), ("manee", [5_000]), ("credit limit", [10_050])],
)
def test_query_ignores_case(shop, query, found):
    assert amounts(shop, query=query) == found


def test_search_is_paged_and_ordered(shop):
    newest = shop.api("GET", "/search", scope="charge", per_page=4)
    rest = shop.api("GET", "/search", scope="charge", per_page=4, page=2)
    oldest = shop.api("GET", "/search", scope="charge", order="chronological")

    every = [charge["id"] for charge in newest["data"] + rest["data"]]
    assert (newest["total"], newest["total_pages"], len(rest["data"])) == (6, 2, 2)
    assert every == [charge["id"] for charge in reversed(oldest["data"])]


@pytest.mark.parametrize(
    ("query", "found"),
    [("somchai", 1), ("manee", 1), ("gold", 1), ("", 2), ("unknown", 0)],
)
def test_customers_are_searchable(shop, query, found):
    answer = shop.api("GET", "/search", scope="customer", query=query)

    assert (answer["total"], answer["scope"]) == (found, "customer")


@pytest.mark.parametrize("scope", ["charge", "customer"])
def test_search_of_a_resource_equals_its_scope(shop, scope):
    answer = shop.api("GET", f"/{scope}s/search", order="chronological")

    assert (answer["location"], answer["scope"]) == (f"/{scope}s/search", scope)
    assert {each["object"] for each in answer["data"]} == {scope}


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({"scope": ""}, 422, "invalid_scope"),
        ({"scope": "gold"}, 422, "invalid_scope"),
        ({"scope": "dispute"}, 501, "not_imitated"),
        (filters(colour="red"), 422, "invalid_filter"),
        (filters(captured="perhaps"), 422, "invalid_filter"),
        (filters(amount="much"), 422, "invalid_filter"),
        (filters(amount=".."), 422, "invalid_filter"),
        (filters(created="someday"), 422, "invalid_filter"),
        (filters(source_of_fund="card"), 501, "not_imitated"),
        ({"filters": "red"}, 422, "invalid_filter"),
        ({"page": 0}, 422, "invalid_page"),
        ({"page": "one"}, 422, "invalid_page"),
        ({"per_page": 101}, 422, "invalid_per_page"),
        ({"order": "random"}, 400, "bad_request"),
    ],
)
def test_invalid_search_is_rejected(shop, params, status, code):
    answer = requests.get(
        f"{shop.url}/search",
        params={"scope": "charge"} | params,
        auth=(shop.secret_key, ""),
        timeout=5,
    )

    assert (answer.status_code, answer.json()["code"]) == (status, code)
