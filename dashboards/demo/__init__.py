"""A fictional district: what its people do, and the files its banks write."""
