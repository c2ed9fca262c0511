"""What the component's own steps take."""

import subprocess

# So many turns a sample, of which the fastest counts.
TURNS = 8


def milliseconds(job, source, output, options):
    """Milliseconds of each step, by the clock, in the fastest turn."""
    command = [job["selvedge"], "transform", source, output, options]
    command += ["--repeat", str(TURNS), "--steps"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    pairs = (line.split() for line in said.splitlines())
    return {pair[0]: float(pair[1]) for pair in pairs if len(pair) == 2}


class Pairs:
    """Samples of ours and theirs, by the work's name."""

    def __init__(self, kind, against):
        self.kind, self.against = kind, against
        self.found = {}

    def add(self, work, ours, theirs, target=None):
        row = self.found.setdefault(work, {"ours": [], "theirs": [], "target": target})
        row["ours"].append(ours)
        row["theirs"].append(theirs)

    def rows(self):
        facts = {"kind": self.kind, "against": self.against}
        return [{"work": work, **facts, **row} for work, row in self.found.items()]
