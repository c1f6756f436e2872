"""A plan's dates: a forward and a backward pass in working minutes, and how each date came about."""
