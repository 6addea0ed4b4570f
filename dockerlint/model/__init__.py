"""What the files mean: one model for every input, facts instead of cleverness in rules.

Nodes are what rules select (`dockerfile`, `instruction`, `container` …); `node.py` says what one is. The
modules around them answer one question each, and a property of a node asks it. Nothing here plans a fix.
"""
