"""A network with a delay: `python -m bench.relay PORT SECONDS` prints the port that leads there.

A connection takes one round trip to be made, and each byte half of one to arrive.
"""

import asyncio
import contextlib
import sys


async def carry(reader, writer, delay):
    """Pass on what comes, each part after the delay."""
    loop = asyncio.get_running_loop()
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            loop.call_later(delay, writer.write, data)
    loop.call_later(delay, writer.close)


async def serve(port, round_trip):
    """Take connections, and pass them on to the port."""

    async def pass_on(reader, writer):
        await asyncio.sleep(round_trip)
        there, back = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(
            carry(reader, back, round_trip / 2), carry(there, writer, round_trip / 2)
        )

    server = await asyncio.start_server(pass_on, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2])))
