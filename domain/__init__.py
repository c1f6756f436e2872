"""The laws, as frozen values and pure functions: it refuses to call anybody, to read a clock or to touch a file."""
