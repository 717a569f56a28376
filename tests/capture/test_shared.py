"""mss's own memory is used where it is as this version knows it, and left alone where it is not."""

from types import SimpleNamespace

import pytest

from wowbot.capture.shared import SharedScreen


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
