"""Objects as Omise shows them: every key, in the order of the recordings.

A serializer takes one version of a record and a moment, so an event shows its object as it was.
"""
