"""The coarse limit of POSTs by network: who it holds back, and where it counts."""

from tests.support.programs import free_port

STRANGER, COLLEAGUE = "9.9.9.9", "10.0.0.9"
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


def posts(app, address, count):
    """The statuses of so many POSTs from an address."""
    client = app.test_client()
    where = {"REMOTE_ADDR": address}
    return [
        client.post("/language", headers=SAME_ORIGIN, environ_base=where).status_code
        for _ in range(count)
    ]


def test_posts_of_one_network_are_limited(shop_with):
    app = shop_with(posts_per_minute=3)

    assert posts(app, STRANGER, 5) == [303] * 3 + [429] * 2
    assert posts(app, "8.8.8.8", 1) == [303]


def test_network_that_is_not_public_is_exempt(shop_with):
    assert posts(shop_with(posts_per_minute=1), COLLEAGUE, 3) == [303] * 3


def test_limits_go_on_while_the_storage_is_down(shop_with):
    nowhere = f"redis://127.0.0.1:{free_port()}"
    app = shop_with(posts_per_minute=3, ratelimit_storage_uri=nowhere)

    assert posts(app, STRANGER, 5) == [303] * 3 + [429] * 2
