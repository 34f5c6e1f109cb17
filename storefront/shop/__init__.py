"""The shop: catalogue, cart, inventory, orders, receipts."""
