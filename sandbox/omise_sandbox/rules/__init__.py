"""The rules of Omise as tables and pure functions: no I/O and no clock."""
