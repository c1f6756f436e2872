"""Names into objects, settings and organization files: it refuses unknown keys and holds no law."""
