"""What all tools of tickets share: read by their changes, asked in, written to."""
