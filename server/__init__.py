"""The program server: Django apps by subject under thin API views."""
