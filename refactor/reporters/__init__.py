"""Plans and findings as text for people and programs; pure functions from records to `str`."""
