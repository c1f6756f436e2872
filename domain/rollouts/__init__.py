"""A version on its way into projects, in waves."""
