"""The outcome of a flow's run: a value for each flow, and the one sentence that people read of it."""
