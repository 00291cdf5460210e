"""The marketing planning workbench: the dozen verbs a notebook uses."""
