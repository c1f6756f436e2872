"""A scheduled plan as a Gantt chart: an HTML page of sheets, which prints as it is."""
