"""Files of RDF read with the place of everything in them, and what is noticed while reading."""
