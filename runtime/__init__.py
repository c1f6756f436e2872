"""The processes of `up`, and their deployments in Prefect: it refuses to hold a command or a law."""
