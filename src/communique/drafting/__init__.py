"""From the facts of a source to a record: who is who, what is new, and what a curator has to decide."""
