"""Pictures of the main pages, taken and compared by `make snapshots`."""
