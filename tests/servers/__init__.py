"""What needs a running Prefect, started as people start it."""
