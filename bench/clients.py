"""Many shoppers at once, in a process of its own: `python -m bench.clients < plan`.

The plan is JSON: `port`; `charges`, requests that `connections` send one after the other until all
are sent, or for `seconds`; `pages`, requests by name, each sent again and again meanwhile, over a
new connection. Prints, as JSON, what each answer took, by name; the charges are under `charge`.
"""

import asyncio
import json
import subprocess
import sys
import time

from bench.load import LENGTH, ROOT

PAUSE = 0.1  #: between two requests for a page
PATIENCE = 60  #: seconds after which an answer counts as not given


async def ask(port, request, connection=None):
    """Send a request: the connection, the seconds until the whole answer is there, its status."""
    began = time.perf_counter()
    reader, writer = connection or await asyncio.open_connection("127.0.0.1", port)
    writer.write(request.encode("latin-1"))
    head = await reader.readuntil(b"\r\n\r\n")
    await reader.readexactly(int(LENGTH.search(head)[1]))
    return (reader, writer), time.perf_counter() - began, int(head[9:12])


async def pays(port, requests, ends_at, taken):
    """Send the next charge as long as there is one, over a connection that stays open."""
    connection = None
    for request in requests:
        if time.monotonic() > ends_at:
            return
        answer = ask(port, request, connection)
        connection, seconds, status = await asyncio.wait_for(answer, PATIENCE)
        assert status == 200, status
        taken.append(seconds)


async def looks(port, request, is_over, taken):
    """Ask for a page again and again."""
    while not is_over.is_set():
        try:
            (_, writer), seconds, _ = await asyncio.wait_for(ask(port, request), PATIENCE)
            writer.close()
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            seconds = PATIENCE
        taken.append(seconds)
        await asyncio.sleep(PAUSE)


async def carry_out(plan):
    """Carry out a plan: what each answer took, in seconds."""
    taken = {"charge": [], **{name: [] for name in plan["pages"]}}
    is_over, requests = asyncio.Event(), iter(plan["charges"])
    seconds = plan.get("seconds")
    ends_at = time.monotonic() + (seconds or 1e9)
    lookers = [
        asyncio.create_task(looks(plan["port"], request, is_over, taken[name]))
        for name, request in plan["pages"].items()
    ]
    if plan["charges"]:
        crowd = (
            pays(plan["port"], requests, ends_at, taken["charge"])
            for _ in range(plan["connections"])
        )
        await asyncio.gather(*crowd)
    else:
        await asyncio.sleep(seconds)
    is_over.set()
    await asyncio.gather(*lookers)
    return taken


def run(**plan):
    """Carry out a plan in another process: what each answer took, in seconds, by name."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.clients"],
        cwd=ROOT,
        input=json.dumps({"charges": [], "pages": {}, "connections": 1, **plan}),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(done.stdout)


if __name__ == "__main__":
    print(json.dumps(asyncio.run(carry_out(json.load(sys.stdin)))))
