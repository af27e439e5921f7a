"""Playing lectures: the contract of an engine, libVLC behind it, the session a page talks to, and transcripts."""
