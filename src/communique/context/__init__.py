"""What the shapes can read of the graph around a record, so that judging follows the record's size."""
