"""The laws, as frozen values and pure functions: it refuses to call others, read a clock or touch a file."""
