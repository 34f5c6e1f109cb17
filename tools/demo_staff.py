"""The staff account of the demo, with a password made on this machine."""

import secrets
import subprocess
import sys
from typing import NamedTuple

from tools.demo_environment import data_folder, is_chosen, uses_sandbox

EMAIL = "demo@example.com"


class Login(NamedTuple):
    """What to enter at /admin."""

    email: str
    password: str

    def __str__(self) -> str:
        return f"log in as {self.email}, password {self.password}"


def ensure(flask: list[str], environment: dict[str, str]) -> Login | None:
    """The login of the demo's staff account, created on the first run.

    Returns:
        None with Omise keys or with a database of your own: then only `make staff` creates one.
    """
    if not uses_sandbox() or is_chosen("DATABASE_URL"):
        return None
    path = data_folder() / "staff_password"
    if not path.exists():
        password = secrets.token_urlsafe(12)
        created = subprocess.run(
            [*flask, "create-staff", EMAIL],
            env=environment,
            input=f"{password}\n{password}\n",
            capture_output=True,
            text=True,
            start_new_session=True,  # without a terminal the password is read from the input
            check=False,
        )
        if created.returncode:
            sys.exit(created.stderr)
        path.touch(mode=0o600)
        path.write_text(password)
    return Login(EMAIL, path.read_text())
