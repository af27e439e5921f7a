"""What stands around the pages: header, status bar, and the stack that makes pages when they are first shown."""
