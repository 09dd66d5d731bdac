"""Tests of the ontology itself: its profile, its style, its pitfalls and its alignments."""
