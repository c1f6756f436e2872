"""What comes in by webhook, and what other systems are told."""
