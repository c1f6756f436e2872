"""The command `interoffice`, one module per subcommand: it refuses to do what a flow or a law does."""
