"""The files staff bring, one module per kind."""
