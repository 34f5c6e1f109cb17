"""The state of worlds: records, collections, indexes, clock, and the journal on disk."""
