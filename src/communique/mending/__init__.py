"""Mending by machine: what is wrong in a record in a way that has one certain remedy."""
