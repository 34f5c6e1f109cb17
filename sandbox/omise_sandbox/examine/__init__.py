"""`omise-sandbox examine`: buys at a shop while things go wrong, and judges what the shop did."""
