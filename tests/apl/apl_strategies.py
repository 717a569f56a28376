"""Random trees, states and lists of the rule language."""

from __future__ import annotations

import math

from hypothesis import strategies as st

from wowbot.apl.syntax import Binary, Call, Name, Node, Number, Prefix

NAMES = ("health.pct", "rage", "buff.x.up", "cooldown.a.remains", "variable.v", "active_enemies", "talent.t")
NUMBERS = st.one_of(st.integers(0, 9), st.sampled_from([0.25, 0.5, 2.5, 1000.0, 123456789.125])).map(float)
VALUES = st.one_of(
    st.none(), st.sampled_from([0.0, -0.0, 1.0, 2.0, -1.5, 0.3, 1e308, -1e308]), st.floats(allow_nan=True, width=64)
)
STATES = st.fixed_dictionaries(dict.fromkeys(NAMES, VALUES))
BINARY = ("*", "%", "%%", "+", "-", "<?", ">?", "=", "!=", "<", "<=", ">", ">=", "&", "^", "|")


def _grow(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.one_of(
        st.builds(Binary, st.sampled_from(BINARY), inner, inner),
        st.builds(Prefix, st.sampled_from("!-+@"), inner),
        st.builds(Call, st.sampled_from(["floor", "ceil"]), inner),
    )


NODES: st.SearchStrategy[Node] = st.recursive(
    st.one_of(st.builds(Number, NUMBERS), st.builds(Name, st.sampled_from(NAMES))), _grow, max_leaves=14
)


def same(a: float | None, b: float | None) -> bool:
    """Equal as doubles: NaN equals NaN, and -0 is not 0."""
    if a is None or b is None or a != a or b != b:
        return (a is None) == (b is None) and (a is None or (a != a) == (b != b))
    return a == b and math.copysign(1, a) == math.copysign(1, b)
