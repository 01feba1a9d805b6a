"""What a reader that nobody here wrote finds in the same file, and where it differs from ours.

`opinion` is its face. Nothing that reads or books a file knows this room: a second opinion is asked for, never needed.
"""
