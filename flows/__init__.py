"""What happens, in order: a flow calls tasks and says the result in one sentence; it refuses to decide or to write."""
