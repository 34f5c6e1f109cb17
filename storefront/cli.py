"""The commands of the shop: `flask --app app migrate | worker | reconcile | doctor | …`."""

import json
import subprocess
import sys
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from storefront.container import services
from storefront.errors import BrowserMissing, InvalidForm, StorefrontError
from storefront.ops.health import VERSION_TABLES
from storefront.ops.payment_page import accept as accept_scripts
from storefront.ops.payment_page import drift, inventory, look
from storefront.ops.preflight import Doctor, Finding, Gravity
from storefront.payments.extension import build_commands


def init_app(app: Flask) -> None:
    """Give the app its commands."""
    for command in (migrate, doctor, stock, create_staff, payment_page):
        app.cli.add_command(command)
    for command in build_commands(lambda: services().engine):
        if command.name in ENGINE_COMMANDS:
            app.cli.add_command(command, ENGINE_COMMANDS[command.name])


#: Commands of the payment engine, and their names here.
ENGINE_COMMANDS = {"worker": "worker", "reconcile": "reconcile", "replay": "replay-event"}


@click.command()
@with_appcontext
def migrate() -> None:
    """Bring the database up to date, and check the settings.

    Exit status: 1 when the shop must not run like this. Gunicorn runs it before it serves.
    """
    services().database.migrate(*VERSION_TABLES)
    findings = list(_doctor().at_the_start())
    _tell(findings)
    sys.exit(_status_for(findings))


@click.command()
@with_appcontext
def doctor() -> None:
    """Look for what would go wrong, and say how to mend it.

    Ends with 1 when the shop must not run like this.
    """
    settings, findings = services().settings, list(_doctor().findings())
    _tell(findings)
    mode = "live" if settings.livemode else "test"
    click.echo(f"{len(findings)} found; {mode} mode, {settings.store_currency}")
    sys.exit(_status_for(findings))


def _doctor() -> Doctor:
    parts = services()
    return Doctor(parts.settings, parts.health, parts.engine.omise, current_app.debug)


def _tell(findings: list[Finding]) -> None:
    for finding in findings:
        click.echo(f"{finding.gravity}: {finding.what}\n  mend: {finding.mend}")


def _status_for(findings: list[Finding]) -> int:
    return 1 if any(finding.gravity == Gravity.REFUSE for finding in findings) else 0


@click.command("payment-page")
@click.option("--url", help="Of the shop; PUBLIC_URL if left out.")
@click.option("--accept", is_flag=True, help="Take the scripts of others as they are now.")
@click.option(
    "--accepted",
    type=click.Path(path_type=Path),
    default="data/payment-page.json",
    help="Where it is kept what was accepted.",
)
@click.option("--ignore-tls", is_flag=True, help="For a certificate of your own making.")
@with_appcontext
def payment_page(url: str | None, accept: bool, accepted: Path, ignore_tls: bool) -> None:
    """Compare the payment page, as a browser receives it, with its inventory.

    Ends with 1 when anything is not as it should be, with 2 when no browser can look. Needs the
    tools of requirements-dev.txt.
    """
    settings = services().settings
    try:
        seen = look(url or settings.public_url, _browser(), ignore_tls=ignore_tls)
    except BrowserMissing:
        click.echo("No browser can be driven here: install requirements-dev.txt.", err=True)
        sys.exit(2)
    if accept:
        accept_scripts(seen, inventory(settings), accepted)
    wanted = inventory(settings, accepted)
    differences = list(drift(seen, wanted))
    for difference in differences:
        click.echo(difference)
    click.echo(
        f"{len(seen.scripts)} scripts, {len(wanted.headers)} headers: "
        f"{len(differences)} differences"
    )
    sys.exit(1 if differences else 0)


def _browser() -> dict[str, str]:
    """How to start the Chromium of this machine."""
    search = [sys.executable, "tools/ensure_browser.py"]
    found = subprocess.run(search, capture_output=True, text=True, check=False)  # noqa: S603  # ours
    if found.returncode:
        raise BrowserMissing
    launch: dict[str, str] = json.loads(found.stdout)["launch"]
    return launch


@click.command("create-staff")
@click.argument("email")
@click.password_option(help="Asked for when left out, so that it is in no history.")
@with_appcontext
def create_staff(email: str, password: str) -> None:
    """Let somebody work in the back office, or give them a new password."""
    try:
        services().staff_accounts.create_or_reset(email, password)
    except InvalidForm as invalid:
        click.echo(invalid.message, err=True)
        sys.exit(1)
    click.echo(f"{email} may log in at /admin")


@click.command()
@click.argument("sku")
@click.argument("count", type=int, required=False)
@with_appcontext
def stock(sku: str, count: int | None) -> None:
    """Have COUNT left of a product; without COUNT it never runs out."""
    try:
        services().catalogue.product(sku)
        services().inventory.set_level(sku, count)
    except StorefrontError as error:
        click.echo(error.message, err=True)
        sys.exit(1)
    click.echo(f"{sku}: {'not counted' if count is None else count}")
