"""A local sandbox for Omise: its API, its vault, its bank pages, its webhooks.

Where to look:

* ``rules/``: the rules of Omise, as tables and pure functions.
* ``resources/``: the resources of the API; ``resources/routes.py`` lists every call.
* ``serializers/``: objects as Omise shows them.
* ``storage/``: worlds, their contents, and the journal that survives a kill.
* ``simulation/``: faults, held responses, the scheduler, seeded data.
* ``webhooks/``: signatures, deliveries, retries.
* ``http/``: requests in, responses out; the bank page and the controls.
* ``testing/``: the pytest plugin, and the client for tests.
* ``commands/``: the commands of ``omise-sandbox``.

It shares no code with the shop: the two meet only over HTTP.
"""

__version__ = "1.0.0"
