"""`POST /charge` with JSON."""

MUG = 39000


def test_json_call_pays(shopper, world, dialect):
    shopper.puts_in_cart()

    answer = shopper.pays_by_json(token=world.token(), amount=MUG)

    body = answer.get_json()
    (charge,) = world.charges()
    assert answer.status_code == 200
    assert body == {
        "success": True,
        "order": charge["metadata"]["order"],
        "charge": {"id": charge["id"], "status": "successful"},
        "redirect": f"/orders/{charge['metadata']['order']}",
    }


def test_repeated_json_call_returns_the_same_order(shopper, world):
    shopper.puts_in_cart()
    cookie, token = shopper.cookie, world.token()
    first = shopper.pays_by_json(token=token).get_json()

    shopper.cookie = cookie
    second = shopper.pays_by_json(token=token).get_json()

    assert second == first
    assert len(world.charges()) == 1


def test_decline_is_402_in_json(shopper, world):
    shopper.puts_in_cart()

    answer = shopper.pays_by_json(token=world.token("4000000000000002"))

    assert answer.status_code == 402
    assert answer.get_json()["code"] == "payment_rejected"


def test_pending_charge_is_202_with_a_redirect_in_json(shopper, world):
    shopper.puts_in_cart()

    answer = shopper.pays_by_json(token=world.token("4000000000003063"))

    body = answer.get_json()
    assert answer.status_code == 202
    assert (body["success"], body["charge"]["status"]) == (False, "pending")
    assert body["redirect"] == f"/orders/{body['order']}?to=bank"


def test_unknown_result_is_202_in_json(shopper, world):
    shopper.puts_in_cart()
    world.fails("POST", "/charges", "drop_before")

    answer = shopper.pays_by_json(token=world.token())

    assert answer.status_code == 202
    assert answer.get_json()["success"] is False
    assert answer.get_json()["charge"] == {"id": None, "status": "pending"}
