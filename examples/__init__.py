"""A whole fictitious organization, and its player: it refuses to be imported by the product."""
