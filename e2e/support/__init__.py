"""Programs under test, the sandbox's controls, and what every test checks."""
