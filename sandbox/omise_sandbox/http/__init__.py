"""HTTP: requests in, responses out, faults in between. No rule of Omise is here."""
