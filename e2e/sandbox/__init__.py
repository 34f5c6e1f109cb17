"""The sandbox in a browser: Omise.js on any merchant's page, and the inspector."""
