"""The second mind: a model that is asked when no rule knows, and that never holds up a tick.

when.py says when, prompt.py what is sent, tools.py what may be answered, answer.py and plan.py what becomes of it, bounds.py
how much of it is allowed, policy.py puts them together. asker.py carries questions out of the loop; the back-ends run in a
child process (child.py). Nothing here knows whether it runs live, in the training ground or in a replay.
"""
