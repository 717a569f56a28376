"""Making detectors: labelled pictures, training, export, evaluation. The runtime never imports this room.

classes.py      what is detected, in the order of the label files
scenery.py      procedural backgrounds and what bad light, weather and compression do to a picture
figures.py      bodies, corpses, marks, sparkles, bobbers
plates.py       nameplates
generate.py     composes labelled pictures
"""
