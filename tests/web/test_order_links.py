"""Links to orders in mails: they expire, and are renewed by mail."""

import pytest

from storefront.web.order_links import MAX_AGE

EMAIL = "somchai@example.com"


@pytest.fixture
def link(paid, mailbox):
    """The path of the link in the receipt."""
    return mailbox.link(EMAIL, f"Your receipt for order {paid}")


@pytest.fixture
def expired(link, clock):
    """The key of the link, after a month."""
    clock.advance(MAX_AGE.total_seconds())
    return link.partition("?key=")[2]


def test_link_of_a_receipt_opens_the_order_for_a_month(stranger, link, clock):
    clock.advance(MAX_AGE.total_seconds() - 60)

    assert stranger.sees(link).status_code == 200
    assert stranger.status == "paid"


def test_expired_link_opens_nothing(stranger, paid, link, expired):
    assert stranger.sees(link).status_code == 410
    assert "Links to orders are valid for 30 days" in stranger.text
    assert stranger.client.get(f"/orders/{paid}").status_code == 404


def test_expired_link_is_renewed_by_mail(stranger, paid, link, expired, mailbox):
    assert stranger.sends(f"/orders/{paid}/link", key=expired).status_code == 303

    new = mailbox.link(EMAIL, f"View order {paid}")
    assert new != link
    assert stranger.sees(new).status_code == 200


@pytest.mark.parametrize("change", ["later", "longer", "other"])
def test_forged_key_gets_no_link(stranger, paid, expired, change, mailbox):
    issued, _, signature = expired.partition(".")
    later = f"{int(issued, 16) + 10**7:x}"
    forged = {
        "later": f"{later}.{signature}",
        "longer": f"{expired}A",
        "other": f"zz.{signature}",
    }[change]

    assert stranger.client.get(f"/orders/{paid}?key={forged}").status_code == 404
    assert stranger.sends(f"/orders/{paid}/link", key=forged).status_code == 404
    assert len(mailbox.to(EMAIL)) == 1


def test_mails_with_links_are_limited(stranger, paid, expired, mailbox):
    answers = []
    for _ in range(6):
        answers.append(stranger.sends(f"/orders/{paid}/link", key=expired).status_code)
        mailbox.to(EMAIL)

    assert answers == [303] * 5 + [429]
