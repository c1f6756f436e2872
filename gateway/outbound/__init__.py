"""The network's events out, to those who are to be told."""
