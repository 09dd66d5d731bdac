"""An open knowledge graph of government dialogues."""
