"""Entry types of the foundation book, one file each."""
