"""Entry types of the initiative book, one file each."""
