"""A SQLite database that cannot be written to: a full disk, a read-only file."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, text

from tests.support.flask_shopper import FlaskShopper

NOT_CHARGED = "We cannot record orders at the moment. You have not been charged."


#: Each write of an attempt needs new pages of the file.
GROW = """CREATE TRIGGER grow_{verb} AFTER {verb} ON omise_attempts BEGIN
  INSERT INTO filler VALUES (zeroblob(100000)); END"""


class Disk:
    """The disk of the shop, which can be full: SQLite may use no page more than it has."""

    def __init__(self, engine):
        self.is_full = False
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE filler (content BLOB)"))
            for verb in ("INSERT", "UPDATE"):
                connection.execute(text(GROW.format(verb=verb)))
        event.listen(engine, "checkout", self._limit)

    def _limit(self, connection, *_):
        [pages] = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages if self.is_full else 1_000_000}")


@pytest.fixture
def disk(services):
    """The disk of the shop."""
    return Disk(services.database.engine)


@pytest.fixture
def meanwhile():
    """Does something that may have to wait."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        yield pool.submit


@pytest.fixture
def read_only(shop_with, settings, world, app):
    """A shopper of a shop whose database file cannot be written to."""
    address = settings.database_url.replace("sqlite:///", "sqlite:///file:")
    return FlaskShopper(shop_with(database_url=f"{address}?mode=ro&uri=true"), world)


def test_full_disk_charges_nothing_and_says_so(disk, shopper, world):
    shopper.puts_in_cart()
    disk.is_full = True

    shopper.pays()
    shopper.sees("/checkout")

    assert world.charges() == []
    assert NOT_CHARGED in shopper.text

    disk.is_full = False
    shopper.pays()
    assert shopper.status == "paid"
    assert len(world.charges()) == 1


def test_disk_that_fills_during_the_call_loses_no_charge(
    disk, shopper, world, meanwhile, services, clock
):
    world.fails("POST", "/charges", "pause")
    shopper.puts_in_cart()
    paying = meanwhile(shopper.pays)
    (answer,) = world.held()
    disk.is_full = True
    world.release(answer)
    paying.result(timeout=20)
    assert shopper.page.status_code < 500

    disk.is_full = False
    clock.advance(60)
    services.engine.worker.run_due()

    assert shopper.sees(f"/orders/{shopper.order_number}").status_code == 200
    assert shopper.status == "paid"
    assert len(world.charges()) == 1


def test_read_only_database_charges_nothing_and_says_so(read_only, world):
    assert read_only.sees("/").status_code == 200
    read_only.puts_in_cart()

    read_only.pays()
    read_only.sees("/checkout")

    assert world.charges() == []
    assert NOT_CHARGED in read_only.text


def test_program_gets_503_from_a_read_only_shop(read_only, world):
    read_only.puts_in_cart()

    answer = read_only.sends_json(
        "/charge", {"token": world.token(), "email": "a@example.com", "amount": 39000}
    )

    assert (answer.status_code, answer.json["code"]) == (503, "database_unavailable")
    assert world.charges() == []


def test_readiness_fails_while_nothing_can_be_written(read_only):
    answer = read_only.sees("/readyz")

    assert answer.status_code == 503
    assert answer.json["checks"]["database"] == "not writable (OperationalError)"
