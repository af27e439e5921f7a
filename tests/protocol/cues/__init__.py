"""Reading, writing and asking tracks of cues."""
