"""What each page shows, as values: made by functions that a test can call, shown by templates without logic."""
