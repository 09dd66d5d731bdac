"""Other datasets: the identifiers that what the graph names has there."""
