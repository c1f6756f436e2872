"""What happens, in order: a flow calls tasks and says the result in a sentence; it refuses to decide."""
