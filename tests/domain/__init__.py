"""The laws, as sentences."""
