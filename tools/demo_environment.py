"""The environment of the shop that `make run` starts."""

import os
import secrets
from pathlib import Path

from dotenv import dotenv_values  # the same parser as the shop's settings use

PUBLIC_KEY = "pkey_test_sandbox000000000000"
SECRET_KEY = "skey_test_sandbox000000000000"  # noqa: S105 - known to the sandbox only
WEBHOOK_SECRET = "c2FuZGJveCB3ZWJob29rIHNlY3JldA=="  # noqa: S105 - the same

#: How the placeholders of .env.example end.
PLACEHOLDER_ENDINGS = ("...", "…")


def data_folder() -> Path:
    """The folder of the demo's databases, mails and locks; created if missing."""
    folder = Path(setting("DATA_DIR", "data"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def setting(name: str, default: str) -> str:
    """A variable of the environment or of .env, without white space and quotes around it."""
    known = dotenv() | os.environ
    return (known.get(name) or "").strip().strip("'\"") or default


def uses_sandbox() -> bool:
    """Whether no Omise key is set, so that the shop needs the sandbox."""
    known = dotenv() | os.environ
    return not any(is_set(known.get(name)) for name in ("OMISE_PUBLIC_KEY", "OMISE_SECRET_KEY"))


def is_set(value: str | None) -> bool:
    """Whether a variable has a value other than the placeholder of .env.example."""
    text = (value or "").strip().strip("'\"")
    return bool(text) and not text.endswith(PLACEHOLDER_ENDINGS)


def dotenv() -> dict[str, str]:
    """Variables set in .env; an empty value sets nothing."""
    return {name: value for name, value in dotenv_values(".env").items() if value}


def shop_environment() -> dict[str, str]:
    """Demo defaults, then .env, then the process environment; sandbox keys unless keys are set."""
    folder = data_folder()
    environment = {
        "DATABASE_URL": f"sqlite:///{folder / 'shop.db'}",
        "MAIL_FOLDER": str(folder / "mail"),
        "SECRET_KEY": session_key(folder),
        "PORT": "5000",
        "STORE_EMAIL": "hello@example.com",
        "STORE_ADDRESS": "Lantern & Loom, 88 Example Road, Bangkok 10110, Thailand",
        **dotenv(),
        **os.environ,
    }
    return environment | (sandbox_settings() if uses_sandbox() else {})


def is_chosen(name: str) -> bool:
    """Whether a variable is set, in the environment or in .env."""
    return name in os.environ or name in dotenv()


def sandbox_port() -> str:
    """The port of the sandbox."""
    return setting("SANDBOX_PORT", "5001")


def sandbox_settings() -> dict[str, str]:
    """The shop's settings that point it at the sandbox."""
    url = f"http://127.0.0.1:{sandbox_port()}"
    return {
        "OMISE_PUBLIC_KEY": PUBLIC_KEY,
        "OMISE_SECRET_KEY": SECRET_KEY,
        "OMISE_API_URL": url,
        "OMISE_VAULT_URL": url,
        "OMISE_JS_URL": f"{url}/omise.js",
        "OMISE_WEBHOOK_SECRET": WEBHOOK_SECRET,
    }


def sandbox_options(webhook_url: str) -> list[str]:
    """Command-line options of the sandbox; its state is kept in the data folder."""
    options = {
        "--port": sandbox_port(),
        "--db": str(data_folder() / "sandbox.db"),
        "--public-key": PUBLIC_KEY,
        "--secret-key": SECRET_KEY,
        "--webhook-url": webhook_url,
        "--webhook-secret": WEBHOOK_SECRET,
    }
    return [word for option in options.items() for word in option]


def session_key(folder: Path) -> str:
    """The key that signs this machine's demo sessions, created on the first run."""
    path = folder / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return path.read_text()
