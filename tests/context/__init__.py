"""Tests of the context of a record."""
