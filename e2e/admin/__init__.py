"""What staff do in the back office."""
