"""HTTP: requests in, answers out, faults between them. No rule of Omise lives here."""
