"""Cases of feedback between two offices, objections too: whose turn it is, and how they end."""
