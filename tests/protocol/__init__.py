"""The pure rules that both sides share."""
