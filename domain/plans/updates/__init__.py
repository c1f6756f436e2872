"""Updates of offices' plans: what stands between two of them, what is asked, what goes into a tool."""
