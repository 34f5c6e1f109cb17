"""What a test can make happen: faults, held responses, time that passes, seeded data."""
