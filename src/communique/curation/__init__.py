"""The curators' room: what helps a person to write and keep the files of the graph."""
