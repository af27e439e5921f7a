"""Playing lectures: the contract of an engine, libVLC behind it, and the session a page talks to."""
