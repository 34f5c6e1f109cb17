"""Faults of Omise."""

#: Time limits of the shop, in seconds.
TIMEOUTS = {
    "OMISE_CONNECT_TIMEOUT": "0.5",
    "OMISE_READ_TIMEOUT": "1.5",
    "OMISE_SETTLED_AFTER": "6",
}

#: About a third of all calls fail. A delay is longer than the read timeout and shorter than the
#: time after which an attempt is closed.
FAULTS = [
    {"do": "drop_before", "probability": 0.06},
    {"do": "drop_after", "probability": 0.08},
    {"do": "garbage", "probability": 0.06},
    {"do": "delay", "seconds": 2, "probability": 0.06},
    {"do": "status", "status": 500, "probability": 0.04},
    {"do": "status", "status": 502, "probability": 0.04},
    {"do": "status", "status": 503, "probability": 0.04},
]


def begin(world):
    """Make calls fail from now on."""
    for fault in FAULTS:
        world.control("POST", "faults", {"path": "/*", "times": None, **fault})


def end(world, counts):
    """End the faults and count those that fired."""
    for fault in world.control("GET", "faults")["data"]:
        kind = f"{fault['do']} {fault['status']}" if fault["do"] == "status" else fault["do"]
        counts.faults[kind] += fault["fired"]
    world.control("DELETE", "faults")
