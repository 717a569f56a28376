"""Run the stages again on what was recorded, and compare."""
