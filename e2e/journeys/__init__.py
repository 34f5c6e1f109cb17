"""What shoppers do, in the shop as it runs in production."""
