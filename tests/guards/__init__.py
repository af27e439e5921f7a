"""What every test is held to: a fixed environment, no network, no unexpected log record, nothing left behind."""
