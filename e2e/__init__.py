"""Browser tests: shoppers who know the shop's pages and addresses, and nothing of its code."""
