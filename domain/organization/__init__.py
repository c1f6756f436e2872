"""Who the offices are: people, tools, calendars, agreements, and who may do what."""
