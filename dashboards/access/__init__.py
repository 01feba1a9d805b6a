"""Signing in: passwords, sessions, forms that only this site can send, and a brake on guessing.

`sessions`, `throttle`, `tokens` and `sign_in` know no Flask; `guard` puts them before the desks.
"""
