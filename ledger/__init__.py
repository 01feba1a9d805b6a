"""The ground floor: what happened, in what order, and the proof of it."""
