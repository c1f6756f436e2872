"""What comes in by webhook, and which events go out to other systems."""
