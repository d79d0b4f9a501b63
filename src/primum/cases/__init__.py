"""The loop: activity to report, and the ledger."""
