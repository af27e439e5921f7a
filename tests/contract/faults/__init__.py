"""A bad line at every endpoint of the protocol."""
