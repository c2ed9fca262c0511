"""What one turn of a program costs in CPU time.

A program that can do its work several times is run for a few turns and for many, and the difference
is divided by the turns between: start-up, compilation and warm-up cancel out. That is done alike for
every program."""

import os
import subprocess
import sys

# Turns that only warm up.
FEW = 2
# More would tell nothing more, whatever one turn takes.
MOST = 400


def pin(core):
    """Keeps this process, and with it every program it starts, on one core. Tells whether it could."""
    if not hasattr(os, "sched_setaffinity"):
        return False
    try:
        os.sched_setaffinity(0, {core})
    except OSError as error:
        sys.exit(f"expected a core that this process may use, got {core}: {error}")
    return True


def cpu_seconds(command, environment=None):
    """Runs a command to its end and gives the CPU seconds of all its threads, kernel included."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, **(environment or {})},
    )
    said = process.stderr.read().decode("utf-8", "replace").strip()
    process.stderr.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"expected {command[0]} to succeed, got exit {process.returncode}: {said}")
    return usage.ru_utime + usage.ru_stime


class Repeated:
    """A program that is measured by the difference between few turns and many."""

    def __init__(self, command, environment=None):
        """`command` takes one more word: the number of turns."""
        self.command = command
        self.environment = environment
        self.between = 0
        self.few = []
        self.many = []

    def run(self, turns):
        return cpu_seconds([*self.command, str(turns)], self.environment)

    def calibrate(self, seconds):
        """Chooses how many turns make a sample of about `seconds`. Its runs are not counted."""
        # The first of all may compile, for good.
        self.run(1)
        once = max((self.run(FEW + 4) - self.run(FEW)) / 4, 1e-4)
        self.between = max(4, min(MOST, round(seconds / once)))

    def sample(self):
        self.few.append(self.run(FEW))
        self.many.append(self.run(FEW + self.between))

    def milliseconds(self):
        """Every sample, for a median, and the least, from the least disturbed run of either length.

        The least of the differences would be too low: it takes the most disturbed run of few."""
        samples = [(many - few) / self.between for few, many in zip(self.few, self.many)]
        least = (min(self.many) - min(self.few)) / self.between
        return {"samples": [1e3 * s for s in samples], "least": 1e3 * least}
