"""What a template saved the offices after the pilot: effort, duration and cost apart, each with its range."""
