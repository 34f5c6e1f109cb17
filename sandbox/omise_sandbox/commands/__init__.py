"""The commands of `omise-sandbox`, one file each."""
