"""mss's own memory is used where it is as this version knows it, and left alone where it is not."""

from types import SimpleNamespace

import numpy as np
import pytest

from wowbot.capture.shared import SharedScreen
from wowbot.core.errors import CaptureError
from wowbot.core.layout import Rect


@pytest.mark.parametrize(
    "shooter",
    [
        pytest.param(SimpleNamespace(), id="no back-end to ask"),
        pytest.param(SimpleNamespace(_impl=SimpleNamespace()), id="a back-end without shared memory"),
        pytest.param(
            SimpleNamespace(_impl=SimpleNamespace(shm_status=SimpleNamespace(name="UNAVAILABLE"))), id="not in use"
        ),
        pytest.param(
            SimpleNamespace(_impl=SimpleNamespace(shm_status=SimpleNamespace(name="AVAILABLE"))), id="other names"
        ),
    ],
)
def test_an_mss_that_is_built_otherwise_is_not_used_so(shooter: SimpleNamespace) -> None:
    assert SharedScreen.of(shooter) is None


def test_an_x_server_that_is_gone_is_said_in_words() -> None:
    def reply(connection: object) -> None:
        raise AssertionError  # what mss does where xcb hands out neither an answer nor an error

    screen = SharedScreen.__new__(SharedScreen)  # a real one needs an X server
    screen._connection, screen._drawable, screen._how = None, 0, ()
    screen._memory = np.zeros(64, np.uint8)
    screen._ask = lambda *args: SimpleNamespace(reply=reply)
    with pytest.raises(CaptureError, match="X server is gone"):
        screen.grab([Rect(0, 0, 2, 2)])
