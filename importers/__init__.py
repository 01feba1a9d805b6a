"""What a bank's file says, and its booking into the ledger."""
