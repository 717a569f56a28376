"""Making detectors: labelled pictures, training, export, evaluation. The runtime never imports this room.

classes.py      one labelled object; the classes themselves are in core/detection.py
scenery.py      procedural backgrounds and what bad light, weather and compression do to a picture
figures.py      bodies, corpses, marks, sparkles, bobbers
plates.py       nameplates
sprites.py      cut-out figures, the user's own or FLARE's
generate.py     composes labelled pictures
dataset.py      sets on disk: build, count, show, split by source
harvest.py      labels that recordings give by themselves
difference.py   labels by difference to frames of the same place without the objects
train.py        training and export with Ultralytics; torchvision_shim.py mends a CPU-only torchvision
evaluate.py     average precision, precision and recall, confusion
publish.py      a model with its card and evaluation
"""
