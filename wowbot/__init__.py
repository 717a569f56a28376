"""wowbot: a game agent that sees the window, decides by an action priority list, presses keys safely and replays it all.

Importing the package is cheap: nothing heavy is loaded until a command asks for it.
"""

__version__ = "0.1.0"
