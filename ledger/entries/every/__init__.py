"""Entry types that stand in more than one kind of book, one file each."""
