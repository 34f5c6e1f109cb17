"""What goes wrong at Omise."""

#: How long the shop waits for Omise, in seconds, and when it takes a call as never made.
TIMEOUTS = {
    "OMISE_CONNECT_TIMEOUT": "0.5",
    "OMISE_READ_TIMEOUT": "1.5",
    "OMISE_SETTLED_AFTER": "6",
}

#: What goes wrong, and how often: about a third of all calls. A delay is longer than the shop
#: waits, and shorter than what it takes to be sure that nothing arrives.
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
    """From now on calls fail."""
    for fault in FAULTS:
        world.control("POST", "faults", {"path": "/*", "times": None, **fault})


def end(world, counts):
    """No call fails any more; those that did are counted."""
    for fault in world.control("GET", "faults")["data"]:
        kind = f"{fault['do']} {fault['status']}" if fault["do"] == "status" else fault["do"]
        counts.faults[kind] += fault["fired"]
    world.control("DELETE", "faults")
