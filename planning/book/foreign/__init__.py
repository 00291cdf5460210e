"""A bank's own export, read through a column map."""
