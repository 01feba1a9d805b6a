"""Entry types of the district book, one file each."""
