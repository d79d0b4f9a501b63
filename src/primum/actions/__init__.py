"""Every write: one verb, one file, one transaction, one ledger line for each case touched."""
