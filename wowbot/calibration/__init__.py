"""Finding the stock HUD on a frame: `calibrate`, the run-time check of a layout, and an overlay to judge both by."""

from wowbot.calibration.fit import calibrate
from wowbot.calibration.health import LayoutHealth, check_layout
from wowbot.calibration.overlay import overlay
from wowbot.calibration.report import Calibration, ElementResult, Refusal

__all__ = ["Calibration", "ElementResult", "LayoutHealth", "Refusal", "calibrate", "check_layout", "overlay"]
