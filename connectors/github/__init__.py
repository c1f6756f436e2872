"""GitHub: issues of repositories, and the fields of a board."""
