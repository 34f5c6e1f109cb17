"""The resources of the API: one file each, from parameters to the answer."""
