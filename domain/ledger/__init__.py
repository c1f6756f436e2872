"""The record of every decision and change, and how it is proved to be complete."""
