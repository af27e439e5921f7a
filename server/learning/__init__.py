"""What learners do and have, and the ledger of their actions."""
