"""The shop over HTTP: blueprints, forms, sessions, error pages."""
