"""An office's file read whole and replaced atomically, or left exactly as it is."""
