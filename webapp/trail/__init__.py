"""The auditor's reading and checking of the audit log."""
