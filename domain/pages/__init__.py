"""An office's own page: the link that opens it, what is uploaded there, and what is answered there."""
