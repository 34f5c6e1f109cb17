"""Development tools behind the targets of the Makefile."""
