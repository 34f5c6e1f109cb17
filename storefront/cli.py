"""The commands of the shop: `flask --app app migrate | worker | reconcile | doctor | …`."""

import sys
from collections.abc import Iterable
from getpass import getuser
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from storefront.accounts.roles import Role
from storefront.container import services
from storefront.errors import BrowserMissing, InvalidForm, UnknownProduct
from storefront.ops import payment_page as page_check
from storefront.ops.health import VERSION_TABLES
from storefront.ops.preflight import Finding, Preflight, Severity
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
    preflight = _preflight()
    try:
        services().database.migrate(*VERSION_TABLES)
        findings = list(preflight.offline_findings())
    except SQLAlchemyError:
        findings = list(preflight.unreachable_database())
        if not findings:
            raise
    _print_findings(findings)
    sys.exit(_exit_status(findings))


@click.command()
@with_appcontext
def doctor() -> None:
    """Run the preflight checks, and print how to fix each finding.

    Exits with 1 if the shop must not run like this.
    """
    settings, findings = services().settings, list(_preflight().findings())
    _print_findings(findings)
    mode = "live" if settings.livemode else "test"
    click.echo(f"{len(findings)} findings; {mode} mode, {settings.store_currency}")
    sys.exit(_exit_status(findings))


def _preflight() -> Preflight:
    parts = services()
    return Preflight(parts.settings, parts.health, parts.engine.omise, current_app.debug)


def _print_findings(findings: Iterable[Finding]) -> None:
    for finding in findings:
        click.echo(f"{finding.severity}: {finding.problem}\n  fix: {finding.fix}")


def _exit_status(findings: Iterable[Finding]) -> int:
    return 1 if any(finding.severity == Severity.ERROR for finding in findings) else 0


@click.command("payment-page")
@click.option("--url", help="Address of the shop; default: PUBLIC_URL.")
@click.option("--approve", is_flag=True, help="Approve the third-party scripts as they are now.")
@click.option(
    "--approved",
    type=click.Path(path_type=Path),
    default="data/payment-page.json",
    show_default=True,
    help="File of the approved hashes.",
)
@click.option("--ignore-tls", is_flag=True, help="Accept a self-signed certificate.")
@click.option("--browser", help="Path of a Chromium; default: an installed one, or Playwright's.")
@with_appcontext
def payment_page(
    url: str | None, approve: bool, approved: Path, ignore_tls: bool, browser: str | None
) -> None:
    """Compare the payment page in a browser with its inventory.

    Exits with 1 if there is a difference, with 2 if no browser can be started. Needs Playwright,
    which is in requirements-dev.txt.
    """
    settings = services().settings
    try:
        observed = page_check.observe(url or settings.public_url, browser, ignore_tls=ignore_tls)
    except BrowserMissing:
        click.echo("No browser can be started: install Playwright and a Chromium.", err=True)
        sys.exit(2)
    if approve:
        page_check.approve(observed, page_check.inventory(settings), approved)
    expected = page_check.inventory(settings, approved)
    differences = list(page_check.diff(observed, expected))
    for difference in differences:
        click.echo(difference)
    click.echo(
        f"{len(observed.scripts)} scripts, {len(expected.headers)} headers: "
        f"{len(differences)} differences"
    )
    sys.exit(1 if differences else 0)


@click.command("create-staff")
@click.argument("email")
@click.password_option(help="Prompted for if missing, so that it is in no shell history.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    help="Default: finance for a new account; an existing one keeps its role.",
)
@click.option(
    "--reset-second-factor", is_flag=True, help="For who lost the app and the recovery codes."
)
@with_appcontext
def create_staff(email: str, password: str, role: str | None, reset_second_factor: bool) -> None:
    """Create an account for /admin, or set a new password for it. The audit log records it."""
    try:
        staff = services().staff_accounts.create_or_reset(
            email,
            password,
            role=Role(role) if role else None,
            reset_second_factor=reset_second_factor,
        )
    except InvalidForm as invalid:
        click.echo(" ".join(invalid.problems.values()), err=True)
        sys.exit(1)
    detail = f"{staff.email} {staff.role}{' second factor reset' if reset_second_factor else ''}"
    services().audit_log.record(f"command line ({getuser()})", "create-staff", detail=detail)
    click.echo(f"{staff.email} ({staff.role}) can log in at /admin")


@click.command()
@click.argument("sku")
@click.argument("count", type=int, required=False)
@with_appcontext
def stock(sku: str, count: int | None) -> None:
    """Set the stock level of a product to COUNT; without COUNT it is not counted."""
    try:
        services().catalogue.product(sku)
        services().inventory.set_level(sku, count)
    except UnknownProduct:
        click.echo(f"There is no product {sku}.", err=True)
        sys.exit(1)
    except InvalidForm as invalid:
        click.echo(" ".join(invalid.problems.values()), err=True)
        sys.exit(1)
    click.echo(f"{sku}: {'not counted' if count is None else count}")
