"""Omise's resources: one file each, from checked parameters to the object that is answered."""
