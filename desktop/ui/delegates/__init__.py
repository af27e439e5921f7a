"""Painters of rows. They draw with the same tokens as the style sheet."""
