"""The protocol over HTTP: thin views, errors, authentication."""
