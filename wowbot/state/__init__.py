"""From what is seen to what is known: holds, ages out, counts down, joins slots and icons to spells and auras.

inputs.py     what one update works on
hold.py       screen terms that already have a game name, held for a moment when unseen
cooldowns.py  sweeps on slots -> cooldown.X, the global cooldown, action.X
casts.py      own cast bar and confirmed presses -> cast.remains, prev_gcd.N.X
auras.py      icons in aura rows -> buff.X, debuff.X, dot.X
powers.py     rage, energy, mana ... in points, deficits and times
runes.py      runes ready, and when so many will be
estimates.py  time, time to die, enemy counts, distance: each with its method
tracker.py    runs them in order
"""
