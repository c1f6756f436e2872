"""Templates: deployment plans without the office that they come from, for others to start from."""
