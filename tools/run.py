"""`make run`: the shop, and the sandbox too unless Omise keys are set."""

import os
import secrets
import signal
import subprocess
import sys
from pathlib import Path

DATA = Path(os.environ.get("DATA_DIR", "data"))
PUBLIC_KEY = "pkey_test_sandbox000000000000"
SECRET_KEY = "skey_test_sandbox000000000000"


def main() -> int:
    """Start what is needed, wait for the first to end, end the others."""
    DATA.mkdir(exist_ok=True)
    environment = {
        "DATABASE_URL": f"sqlite:///{DATA / 'shop.db'}",
        "SECRET_KEY": session_key(),
        **os.environ,
    }
    programs = []
    if not keys_are_set():
        port = os.environ.get("SANDBOX_PORT", "5001")
        programs.append(start_sandbox(port))
        environment |= towards_sandbox(f"http://127.0.0.1:{port}")
    programs.append(subprocess.Popen([sys.executable, "-m", "gunicorn", "app:app"], env=environment))
    print(f"shop: http://127.0.0.1:{environment.get('PORT', '5000')}", flush=True)
    return wait(programs)


def keys_are_set() -> bool:
    """Whether this shop is to talk to Omise itself."""
    if os.environ.get("OMISE_SECRET_KEY") or os.environ.get("OMISE_PUBLIC_KEY"):
        return True
    dotenv = Path(".env")
    return dotenv.exists() and "OMISE_SECRET_KEY" in dotenv.read_text()


def session_key() -> str:
    """A key of this machine for signing sessions, made at the first run."""
    kept = DATA / "secret_key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_hex(32))
    return kept.read_text()


def start_sandbox(port: str) -> "subprocess.Popen[bytes]":
    """The stand-in for Omise, with its state in the data folder."""
    command = [sys.executable, "-m", "sandbox", "--port", port, "--db", str(DATA / "sandbox.db")]
    return subprocess.Popen([*command, "--public-key", PUBLIC_KEY, "--secret-key", SECRET_KEY])


def towards_sandbox(url: str) -> dict[str, str]:
    """What the shop is told: another address and other keys, nothing else."""
    return {
        "OMISE_PUBLIC_KEY": PUBLIC_KEY,
        "OMISE_SECRET_KEY": SECRET_KEY,
        "OMISE_API_URL": url,
        "OMISE_VAULT_URL": url,
        "OMISE_JS_URL": f"{url}/omise.js",
    }


def wait(programs: "list[subprocess.Popen[bytes]]") -> int:
    """Wait until one program ends or somebody ends us; then none is left."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _, status = os.wait()
        return os.waitstatus_to_exitcode(status) or 1
    except KeyboardInterrupt:
        return 0
    finally:
        for program in programs:
            program.terminate()
        for program in programs:
            program.wait()


if __name__ == "__main__":
    sys.exit(main())
