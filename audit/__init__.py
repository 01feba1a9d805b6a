"""What deserves a look: the register, the rules and the life of a flag."""
