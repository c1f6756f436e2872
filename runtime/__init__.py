"""What keeps processes alive for `up`, and what they are deployed with: it refuses to be a verb or a law."""
