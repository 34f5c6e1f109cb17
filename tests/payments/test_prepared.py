"""Statements that run on the driver behave as they would through SQLAlchemy."""

import pytest
from sqlalchemy import bindparam, create_engine, event, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError

from storefront.payments import tables
from storefront.payments.database import Database
from storefront.payments.prepared import Prepared
from storefront.payments.statuses import PaymentStatus
from tests.support.records import a_payment, save

PAYMENTS = tables.payments
NAMES = [column.name for column in PAYMENTS.columns if column.name != "id"]
INSERT = Prepared.insert(PAYMENTS, NAMES, returns_id=True)
FIND = Prepared(select(PAYMENTS).where(PAYMENTS.c.reference == bindparam("reference")))
SECRET = "somchai@example.com"


@pytest.fixture(autouse=True)
def _on_both_databases(database):
    """The drivers differ."""


@pytest.fixture
def shop_tables(database_url):
    """A database with the tables."""
    database = Database(database_url)
    yield database
    database.dispose()


def values(clock, reference="A1"):
    """The columns of a payment."""
    return {
        **dict.fromkeys(NAMES),
        "reference": reference,
        "amount": 100,
        "currency": "THB",
        "livemode": True,
        "status": PaymentStatus.CONFIRMING,
        "email": SECRET,
        "created_at": clock(),
    }


def test_row_is_read_as_sqlalchemy_reads_it(shop_tables, clock):
    save(shop_tables, a_payment(clock()))

    with shop_tables.connect() as connection:
        ours = FIND.first(connection, {"reference": "A1"})
        theirs = connection.execute(select(PAYMENTS)).one()

    assert ours._asdict() == dict(theirs._mapping)
    assert [type(value) for value in ours] == [type(value) for value in theirs]


def test_row_is_written_as_sqlalchemy_reads_it(shop_tables, clock):
    row = values(clock)
    with shop_tables.transaction() as connection:
        key = INSERT.first(connection, row).id

    with shop_tables.connect() as connection:
        stored = dict(connection.execute(select(PAYMENTS)).one()._mapping)
    assert stored == {"id": key, **row}


def test_error_is_that_of_sqlalchemy_and_quotes_no_value(shop_tables, clock):
    with shop_tables.transaction() as connection:
        INSERT.first(connection, values(clock))

    with pytest.raises(IntegrityError) as error, shop_tables.transaction() as connection:
        INSERT.first(connection, values(clock))

    assert SECRET not in str(error.value)


def test_failed_statement_rolls_back(shop_tables, clock):
    with pytest.raises((OperationalError, ProgrammingError)):
        insert_then_fail(shop_tables, values(clock))

    with shop_tables.connect() as connection:
        assert FIND.first(connection, {"reference": "A1"}) is None


def insert_then_fail(shop_tables, row):
    """A transaction whose second statement names a table that does not exist."""
    with shop_tables.transaction() as connection:
        INSERT.first(connection, row)
        Prepared(text("SELECT 1 FROM nothing")).run(connection)


def test_listeners_hear_of_each_statement(shop_tables):
    heard = []
    event.listen(shop_tables.engine, "before_cursor_execute", lambda *given: heard.append(given[2]))

    with shop_tables.connect() as connection:
        FIND.first(connection, {"reference": "A1"})

    assert [one for one in heard if one.startswith("SELECT")] == [heard[-1]]


@pytest.mark.parametrize("first", ["ours", "the host's"])
def test_statement_is_compiled_apart_for_each_style_of_parameters(shop_tables, clock, first):
    """Our engine names the parameters of SQLite; that of a host numbers them by default."""
    save(shop_tables, a_payment(clock()))
    theirs = create_engine(shop_tables.url)
    engines = [shop_tables.engine, theirs] if first == "ours" else [theirs, shop_tables.engine]
    find = Prepared(select(PAYMENTS.c.reference).where(PAYMENTS.c.reference == bindparam("value")))

    for engine in engines:
        with engine.connect() as connection:
            assert find.first(connection, {"value": "A1"}).reference == "A1"
    theirs.dispose()


def test_list_of_values_is_refused(shop_tables):
    many = Prepared(select(PAYMENTS.c.id).where(PAYMENTS.c.reference.in_(["A1", "A2"])))

    with shop_tables.connect() as connection, pytest.raises(TypeError):
        many.all(connection)


def test_connection_that_broke_is_replaced(database, request):
    if database != "postgresql":
        pytest.skip("a file has no connection that breaks")
    with request.getfixturevalue("postgresql").lend() as url:
        broken = Database(url)
        with pytest.raises(DBAPIError):
            find_after_its_connection_ended(broken)

        with broken.connect() as connection:
            assert FIND.first(connection, {"reference": "A1"}) is None
        broken.dispose()


def find_after_its_connection_ended(broken):
    """Read over a connection that the server ends."""
    with broken.connect() as connection:
        number = connection.connection.dbapi_connection.info.backend_pid
        with broken.transaction() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": number})
        FIND.first(connection, {"reference": "A1"})
