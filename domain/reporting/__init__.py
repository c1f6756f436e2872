"""What people read of a sweep and of a rollout, as values."""
