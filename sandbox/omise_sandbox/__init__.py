"""A local sandbox for Omise: its API, its vault, its bank pages, its webhooks.

Where to look:

* ``rules/``: the rules of Omise, as tables and pure functions.
* ``resources/``: what each resource of the API answers; ``resources/routes.py`` lists every call.
* ``serializers/``: objects as Omise shows them.
* ``storage/``: worlds, what they remember, and the journal that survives a kill.
* ``simulation/``: faults, held responses, the scheduler, seeded data.
* ``webhooks/``: signatures, deliveries, retries.
* ``http/``: requests in, answers out; the bank page and the controls.
* ``testing/``: the pytest plugin, and a world as a test speaks to it.

It shares no code with the shop: the two meet only over HTTP.
"""
