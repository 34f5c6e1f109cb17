"""A stand-in for Omise that runs on this machine: its API, its vault, its bank page, its webhooks.

Where to look:

* ``dialects.py``, ``cards.py``, ``source_types.py``, ``countries.py``, ``money.py``, ``fees.py``,
  ``situations.py``, ``searching.py``, ``errors.py``: the rules, as tables.
* ``api/``: what each resource of Omise answers. ``routes.py`` lists every call.
* ``state/``: worlds, what they remember, and the journal that survives a kill.
* ``web/``: HTTP, and nothing else: reading requests, faults, pages, webhooks on the wire.

It shares no code with the shop: the two meet only over HTTP.
"""
