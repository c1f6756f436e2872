"""Deviations: permitted departures from a rule, asked for in advance, for the facts they were granted for."""
