"""Browser tests: they know the shop's pages and addresses, and nothing of its code."""
