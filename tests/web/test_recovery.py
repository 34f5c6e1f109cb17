"""Forgotten passwords."""

import pytest

from tests.support.flask_shopper import PASSWORD

EMAIL, NEW = "somchai@example.com", "a new long password"
SUBJECT = "Set a new password"


@pytest.fixture
def link(shopper, stranger, mailbox):
    """The path of the link that a member asked for, who is still logged in elsewhere."""
    shopper.signs_up()
    assert stranger.sends("/password/forgot", email="Somchai@Example.com").location == "/login"
    return mailbox.link(EMAIL, SUBJECT)


def log_in(person, password):
    return person.sends("/login", email=EMAIL, password=password).status_code == 303


def test_link_sets_a_new_password(stranger, link):
    stranger.sees(link)
    assert SUBJECT in stranger.text

    assert stranger.sends(link, password=NEW).location == "/login"

    assert not log_in(stranger, PASSWORD)
    assert log_in(stranger, NEW)


def test_reset_ends_every_session(shopper, stranger, link):
    stranger.sends(link, password=NEW)

    assert shopper.client.get("/account").location == "/login?next=/account"


def test_reset_verifies_the_email_and_tells_its_owner(stranger, link, services, mailbox):
    stranger.sends(link, password=NEW)

    assert services.accounts.find(EMAIL).verified_email == EMAIL
    assert "Your password was changed" in mailbox.to(EMAIL)


def test_link_works_once(stranger, link):
    stranger.sends(link, password=NEW)

    assert stranger.sees(link).status_code == 410
    assert stranger.sends(link, password="another long password").status_code == 410
    assert log_in(stranger, NEW)


@pytest.mark.parametrize(("minutes", "status"), [(59, 200), (60, 410)])
def test_link_expires_after_an_hour(stranger, link, clock, minutes, status):
    clock.advance(minutes * 60)

    assert stranger.sees(link).status_code == status


def test_logging_out_everywhere_revokes_the_link(shopper, stranger, link):
    shopper.sends("/account/log-out-everywhere")

    assert stranger.sees(link).status_code == 410


def test_unacceptable_password_is_explained_and_the_link_stays(stranger, link):
    assert stranger.sends(link, password="1234567890").status_code == 422
    assert "easy to guess" in stranger.text

    assert stranger.sends(link, password=NEW).status_code == 303


@pytest.mark.parametrize("token", ["guess", "W10.guess", "x" * 300])
def test_forged_link_sets_nothing(stranger, link, token):
    forged = [f"/password/reset/{token}", link[:-1], link.replace("reset/", "reset/A")]

    assert [stranger.sends(path, password=NEW).status_code for path in forged] == [410] * 3


def test_link_for_another_purpose_sets_nothing(shopper, stranger, mailbox):
    shopper.signs_up()
    token = mailbox.link(EMAIL, "Confirm your email address").removeprefix("/account/verify/")

    assert stranger.sees(f"/password/reset/{token}").status_code == 410


def test_known_and_unknown_address_get_the_same_answer(shopper, stranger, mailbox):
    shopper.signs_up()

    answers = []
    for email in (EMAIL, "unknown@example.com"):
        answer = stranger.sends("/password/forgot", email=email)
        stranger.sees(answer.location)
        answers.append((answer.status_code, answer.location, stranger.text))

    assert answers[0] == answers[1]
    assert mailbox.to("unknown@example.com") == []


def test_no_address_is_explained(stranger):
    assert stranger.sends("/password/forgot", email="nonsense").status_code == 422
    assert "Enter a valid email address" in stranger.text


def test_mails_to_one_address_are_limited(shopper, stranger, mailbox):
    shopper.signs_up()

    answers = []
    for _ in range(6):
        answers.append(stranger.sends("/password/forgot", email=EMAIL).status_code)
        mailbox.to(EMAIL)

    assert answers == [303] * 5 + [429]
    assert shopper.sends("/password/forgot", email=EMAIL).status_code == 303


def test_new_password_is_told_to_the_owner(shopper, mailbox):
    shopper.signs_up()

    shopper.sends("/account/password", old_password=PASSWORD, password=NEW)

    assert "Your password was changed" in mailbox.to(EMAIL)


def test_mail_is_in_the_language_of_the_account(shopper, stranger, mailbox):
    shopper.sends("/language", language="ja")
    shopper.signs_up()
    shopper.sends("/language", language="en")

    stranger.sends("/password/forgot", email=EMAIL)

    assert SUBJECT not in mailbox.to(EMAIL)
    assert len(mailbox.to(EMAIL)) == 2
