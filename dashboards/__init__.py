"""The face: pages, desks, charts and the command line."""
