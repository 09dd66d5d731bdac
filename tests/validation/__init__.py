"""Tests of the shipped data: its form, its names, its evidence and its facts."""
