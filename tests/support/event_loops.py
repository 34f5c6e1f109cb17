"""An event loop for a test."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import uvloop


def on_a_loop(coroutine):
    """What the coroutine gives; in another thread, as browser tests may have a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(_run, coroutine).result()


def _run(coroutine):
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(coroutine)
