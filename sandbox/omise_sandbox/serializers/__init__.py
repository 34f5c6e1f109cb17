"""Objects as Omise shows them: every key, in the order of the recordings.

A shape is made from one version of a record and the moment it is looked at, so an event shows its
object as it was then.
"""
