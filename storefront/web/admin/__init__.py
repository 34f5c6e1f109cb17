"""The back office over HTTP: /admin."""
