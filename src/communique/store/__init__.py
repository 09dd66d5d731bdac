"""Where triples are kept and queried: one small protocol, and the engines behind it."""
