"""Parties, ties, places and what others published about them, with sources."""
