"""The gateway, for reports out and signed hints in: it refuses to trust a body that it has not verified."""
