"""Deployments: one system going to several offices, and what its members may see of each other."""
