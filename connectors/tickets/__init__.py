"""What all tools of tickets share: they are read by their changes, hold questions, and are written to."""
