"""Settings from the environment, the embedded PostgreSQL, addresses and error pages."""
