"""The style guide: every component of the shop in every state, on one page."""
