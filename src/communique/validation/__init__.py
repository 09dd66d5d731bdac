"""The curator's tool: what is wrong with a record, in which line, and how to mend it."""
