"""Types only: standard library and numpy. Nothing here imports another room."""
