"""The OpenAPI document of the sandbox, generated from its routes and the fidelity manifest."""
