"""Receipts, taken by a real SMTP server: what they say, and that each comes once."""

import re
import ssl
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes, policy
from email.message import EmailMessage
from urllib.parse import quote

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from flask_babel import force_locale, gettext
from pydantic import SecretStr
from sqlalchemy import func, select

from storefront.payments.outbox import schedule
from storefront.shop.mail import MailNotSent, SmtpTransport
from storefront.shop.models import Mail
from storefront.shop.receipts import MailKind
from tests.support.flask_shopper import FlaskShopper
from tests.support.programs import free_port


@pytest.fixture(autouse=True)
def _on_both_databases(database):
    """A receipt is sent once, on SQLite and on PostgreSQL."""


class Mailbox:
    """An SMTP server that keeps what it is given, and can be told to refuse."""

    def __init__(self):
        self.refuses_with = None
        self.mails = []
        self.port = free_port()

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's
        """Take a mail, or refuse it."""
        if self.refuses_with:
            return self.refuses_with
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    @property
    def subjects(self):
        """What the mails are about."""
        return [mail["Subject"] for mail in self.mails]


@pytest.fixture
def mailbox():
    """The mail server of the shop."""
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=box.port)
    server.start()
    yield box
    server.stop()


@pytest.fixture
def settings(settings, mailbox):
    """A shop with a mail server."""
    url = SecretStr(f"smtp://127.0.0.1:{mailbox.port}")
    return settings.model_copy(
        update={"mail_url": url, "mail_from": "shop@lantern.example", "mail_starttls": False}
    )


@pytest.fixture
def paid(shopper):
    """The number of an order that is paid, whose receipt was not sent yet."""
    shopper.puts_in_cart("mug", 2)
    shopper.pays()
    assert shopper.status == "paid"
    return shopper.order_number


def refund(services, number, amount, idempotency_key):
    """Give money back."""
    services.engine.operations.refund(
        number, amount=amount, idempotency_key=idempotency_key, reason=""
    )


def test_receipt_has_a_text_and_an_html_part(services, mailbox, paid):
    services.engine.worker.run_due()

    (mail,) = mailbox.mails
    assert mail["Subject"] == f"Your receipt for order {paid}"
    assert mail["To"] == "somchai@example.com"
    assert mail["From"] == "shop@lantern.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    for kind in ("plain", "html"):
        words = re.sub(r"<[^>]+>", " ", mail.get_body((kind,)).get_content())
        for part in ("Stoneware mug", "\N{MULTIPLICATION SIGN} 2", "฿780.00", "Visa •••• 4242"):
            assert part in words, kind
    assert mail.get_body(("html",)).get_content().startswith("<!doctype html>")


def test_each_order_has_one_receipt(services, mailbox, paid, clock):
    for _ in range(3):
        with services.database.transaction() as connection:
            schedule(connection, MailKind.RECEIPT, paid, due_at=clock())
        services.engine.worker.run_due()

    assert len(mailbox.mails) == 1


def test_each_refund_has_one_mail(services, mailbox, paid):
    services.engine.worker.run_due()
    refund(services, paid, 10000, "first")
    refund(services, paid, 10000, "first")
    services.engine.worker.run_due()
    refund(services, paid, 68000, "second")
    services.engine.worker.run_due()

    words = [mail.get_body(("plain",)).get_content() for mail in mailbox.mails[1:]]
    assert mailbox.subjects[1:] == [f"Your refund for order {paid}"] * 2
    assert "฿100.00 of ฿780.00" in words[0]
    assert "฿780.00 of ฿780.00" in words[1]


def test_mail_refused_for_good_is_set_aside_until_staff_retry_it(services, mailbox, paid, clock):
    mailbox.refuses_with = "550 no such user"
    services.engine.worker.run_due()
    mailbox.refuses_with = None
    clock.advance(24 * 3600)
    services.engine.worker.run_due()
    (letter,) = services.engine.dead_letters.all()
    assert (letter.subject, letter.error) == (paid, "MailRefused: SMTPDataError")
    assert (mailbox.mails, services.engine.worker.next_due()) == ([], None)

    assert services.engine.dead_letters.retry(letter.id)
    services.engine.worker.run_due()

    assert len(mailbox.mails) == 1


def test_mail_rejected_for_now_is_retried(services, mailbox, paid, clock):
    mailbox.refuses_with = "451 later"
    services.engine.worker.run_due()
    assert mailbox.mails == []

    mailbox.refuses_with = None
    clock.advance(3)
    services.engine.worker.run_due()

    assert len(mailbox.mails) == 1
    assert services.engine.worker.next_due() is None


def test_retries_back_off_while_the_mail_server_is_down(shop_with, world, clock, mailbox, settings):
    unreachable = SecretStr(f"smtp://127.0.0.1:{free_port()}")
    app = shop_with(mail_url=unreachable)
    shopper, worker = FlaskShopper(app, world), app.extensions["shop"].engine.worker
    shopper.puts_in_cart()
    shopper.pays()
    pauses = []
    for _ in range(4):
        before = clock()
        worker.run_due()
        pauses.append((worker.next_due() - before).total_seconds())
        clock.advance(pauses[-1] + 0.1)
    assert pauses == sorted(pauses)
    assert pauses[-1] > pauses[0]

    shop_with().extensions["shop"].engine.worker.run_due()

    assert len(mailbox.mails) == 1


def test_concurrent_workers_send_one_mail(shop_with, services, mailbox, paid):
    workers = [shop_with().extensions["shop"].engine.worker for _ in range(4)]

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda worker: worker.run_due(), workers))

    assert sum(done) == 1
    assert len(mailbox.mails) == 1
    with services.database.read_session() as session:
        assert session.scalar(select(func.count(Mail.id))) == 1


@pytest.mark.parametrize(("language", "other"), [("en", "ja"), ("ja", "en"), ("th", "ja")])
def test_mail_is_in_the_language_of_the_order(app, services, shopper, mailbox, language, other):
    shopper.sends("/language", language=language)
    shopper.puts_in_cart()
    shopper.pays()
    number = shopper.order_number
    shopper.sends("/language", language=other)

    services.engine.worker.run_due()

    (mail,) = mailbox.mails
    with app.app_context(), force_locale(language):
        wanted = gettext("Your receipt for order %(number)s", number=number)
    assert mail["Subject"] == wanted
    assert f'<html lang="{language}">' in mail.get_body(("html",)).get_content()


def test_link_of_the_mail_opens_the_order_for_a_guest(services, stranger, mailbox, paid):
    services.engine.worker.run_due()
    (link,) = re.findall(r"http://shop\.test(\S+)", text_of(mailbox.mails[0]))
    assert stranger.sees(f"/orders/{paid}").status_code == 404

    stranger.sees(link)

    assert stranger.status == "paid"
    assert "key=" not in stranger.page.request.url
    assert stranger.sees(f"/orders/{paid}").status_code == 200


@pytest.mark.parametrize("key", ["", "nonsense", "é"])
def test_link_with_another_key_opens_nothing(stranger, paid, key):
    assert stranger.sees(f"/orders/{paid}?key={key}").status_code == 404


def test_link_of_one_order_opens_no_other(services, shopper, stranger, mailbox, paid):
    services.engine.worker.run_due()
    key = re.search(r"key=(\S+)", text_of(mailbox.mails[0]))[1]
    shopper.puts_in_cart()
    shopper.pays()

    assert stranger.sees(f"/orders/{shopper.order_number}?key={key}").status_code == 404


def test_failed_payment_sends_no_receipt(services, shopper, mailbox):
    shopper.puts_in_cart()
    shopper.pays("4000000000000002")

    services.engine.worker.run_due()

    assert mailbox.mails == []


def test_order_without_an_email_sends_no_receipt(services, shopper, mailbox, world):
    shopper.puts_in_cart()
    shopper.pays_by_json(token=world.token())

    services.engine.worker.run_due()

    assert mailbox.mails == []
    assert services.engine.worker.next_due() is None


# The server itself

USER, SECRET = "shop", "a password of the shop"


@pytest.fixture
def guarded(mailbox, tmp_path):
    """A mail server that wants a password, and takes it over TLS only; who signed for it."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    mailbox.passwords = []

    def judge(server, session, envelope, mechanism, given):
        mailbox.passwords.append((given.login.decode(), given.password.decode()))
        return AuthResult(success=True)

    port = free_port()
    server = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=port,
        tls_context=context,
        authenticator=judge,
        auth_required=True,
    )
    server.start()
    yield f"smtp://{USER}:{quote(SECRET)}@127.0.0.1:{port}", tmp_path / "authority.pem"
    server.stop()


@pytest.fixture
def message():
    """Some mail."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@shop.test", "b@shop.test", "Hello"
    message.set_content("Hello.")
    return message


def test_password_is_sent_over_tls(guarded, mailbox, message, monkeypatch):
    url, authority = guarded
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))

    SmtpTransport(url).send(message)

    assert mailbox.subjects == ["Hello"]
    assert mailbox.passwords == [(USER, SECRET)]


def test_server_with_an_untrusted_certificate_gets_nothing(guarded, mailbox, message):
    url, _ = guarded

    with pytest.raises(MailNotSent):
        SmtpTransport(url).send(message)

    assert mailbox.mails == mailbox.passwords == []


@pytest.mark.parametrize(
    ("login", "starttls"), [("", True), (f"{USER}:{quote(SECRET)}@", True), ("a:b@", False)]
)
def test_without_tls_no_mail_and_no_password_is_sent(mailbox, message, login, starttls):
    with pytest.raises(MailNotSent):
        SmtpTransport(f"smtp://{login}127.0.0.1:{mailbox.port}", starttls=starttls).send(message)

    assert mailbox.mails == []


def text_of(mail):
    """The plain text of a mail."""
    return mail.get_body(("plain",)).get_content()
