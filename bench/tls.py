"""TLS in front of the sandbox, as there is in front of Omise: `python -m bench.tls PORT FOLDER`."""

import asyncio
import contextlib
import ssl
import sys
from pathlib import Path

import trustme


def certificates(folder):
    """A context with a fresh certificate for 127.0.0.1; its authority is left in the folder."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


async def copy(reader, writer):
    """Pass on what comes until it ends."""
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


async def serve(port, folder):
    """Take connections, and pass them on to the port."""

    async def pass_on(reader, writer):
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(copy(reader, inner_writer), copy(inner_reader, writer))

    server = await asyncio.start_server(pass_on, "127.0.0.1", 0, ssl=certificates(folder))
    print(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
