"""Saved questions: their headers, their parameters, and the typed answers to them."""
