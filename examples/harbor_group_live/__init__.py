"""Harbor Group with two offices that plan in a real Redmine and a real Trac instead of in workbooks."""
