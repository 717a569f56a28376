"""Pixels to readings: one file per reader family, put together by `pipeline.HudPerception`."""
