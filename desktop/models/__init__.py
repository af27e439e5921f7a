"""The local store. Import the module that is needed: this package imports nothing, so that views cost nothing."""
