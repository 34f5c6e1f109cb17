"""What a world remembers: records, shelves, clock, and the journal on disk."""
