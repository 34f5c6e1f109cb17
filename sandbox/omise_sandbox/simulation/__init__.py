"""What a test controls: faults, held responses, the passing of time, seeded data."""
