"""What `flask --app app …` can do besides serving: migrate, worker, reconcile, replay-event."""

import sys
from datetime import UTC, datetime, timedelta

import click
from flask import Flask
from flask.cli import with_appcontext

from .money import Money
from .omise import OmiseError
from .reconcile import Report
from .web import shop


def init_app(app: Flask) -> None:
    """Give the app its commands."""
    for command in (migrate, worker, reconcile, replay_event):
        app.cli.add_command(command)


@click.command()
@with_appcontext
def migrate() -> None:
    """Bring the database up to date."""
    shop().database.migrate()


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
@with_appcontext
def worker(once: bool) -> None:
    """Do what is still to be done: find out about attempts, handle webhooks."""
    if once:
        click.echo(f"{shop().worker.work_off()} done")
    else:
        shop().worker.run()


@click.command()
@click.option(
    "--since", type=click.DateTime(), help="Start of the period, UTC; a day ago if left out."
)
@click.option("--until", type=click.DateTime(), help="End of the period, UTC; now if left out.")
@with_appcontext
def reconcile(since: datetime | None, until: datetime | None) -> None:
    """Compare our ledger with Omise's charges, mend it, print what is left.

    Ends with 1 when any difference is left, with 2 when Omise could not be asked.
    """
    now = datetime.now(UTC)
    start = since.replace(tzinfo=UTC) if since else now - timedelta(days=1)
    end = until.replace(tzinfo=UTC) if until else now
    try:
        report = shop().reconciler.run(start, end)
    except OmiseError as error:
        click.echo(f"Omise could not be asked: {error}", err=True)
        sys.exit(2)
    _print(report)
    sys.exit(1 if report.left else 0)


def _print(report: Report) -> None:
    currency = shop().settings.store_currency

    def shown(amount: int) -> str:
        return Money(amount, currency).format("en")

    for item in report.left:
        where = " ".join(filter(None, [f"order {item.order}" if item.order else "", item.charge]))
        click.echo(f"{where}: {item.what}; ours {shown(item.ours)}, Omise's {shown(item.theirs)}")
    click.echo(
        f"{report.charges} charges, {report.attempts} attempts, {report.repaired} mended, "
        f"{len(report.left)} left, {shown(report.delta)} apart"
    )


@click.command("replay-event")
@click.argument("event_id")
@with_appcontext
def replay_event(event_id: str) -> None:
    """Handle a webhook that was kept once more."""
    shop().events.handle(event_id)
