"""The whole network judged at one time."""
