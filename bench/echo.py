"""The floor under the sandbox: an aiohttp server that gives back the JSON that it gets."""

import sys

from aiohttp import web


async def echo(request):
    """The same JSON again."""
    return web.json_response(await request.json())


app = web.Application()
app.router.add_post("/echo", echo)

if __name__ == "__main__":
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
