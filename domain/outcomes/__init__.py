"""What a run of a flow came to: a value for each flow, and the one sentence that people read of it."""
