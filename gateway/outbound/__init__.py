"""The network's events, sent to their receivers."""
