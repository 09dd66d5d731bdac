"""Tests of reading RDF with places."""
