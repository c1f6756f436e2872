"""The page of a deployment: its offices, how they stand, and what the reader may do there."""
