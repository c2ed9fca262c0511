"""Prints the address of each vector that comes in, or `refused`, one a line."""

import json
import sys

from selvedge import Selvedge

for line in sys.stdin:
    vector = json.loads(line)
    settings = {name: vector[name] for name in ("key", "base", "prefix") if name in vector}
    try:
        print(Selvedge(**settings).url(vector["source"], dict(vector["options"])))
    except ValueError:
        print("refused")
