"""Whole transforms, by the same component in two engines and by libvips."""

import json
import os
import sys

import turns
import workloads

HERE = os.path.dirname(os.path.abspath(__file__))

# V8 compiles everything with its optimising compiler from the start, so that no turn runs code of
# its baseline compiler; the turns before the counted ones warm up what little JavaScript there is.
NODE = ["node", "--no-liftoff"]


class Case:
    """One picture made into one shape, by all programs."""

    def __init__(self, job, picture, shape, scratch):
        self.picture, self.shape = picture, shape
        source, options = picture["path"], shape.options(job["quality"])
        name = f"{picture['name']}.{shape.label().replace(' ', '-')}"
        output = lambda program: os.path.join(scratch, f"{name}.{program}.{shape.format}")
        self.outputs = {name: output(name) for name in ("ours", "unchecked", "v8", "libvips")}
        wanted = {
            "width": shape.width,
            "height": shape.height,
            "format": shape.format,
            "quality": job["quality"],
            "background": workloads.BACKGROUND,
            "animated": picture["frames"] > 1,
        }
        ours = lambda to: [job["selvedge"], "transform", source, self.outputs[to], options]
        commands = {
            "ours": ours("ours") + ["--repeat"],
            "unchecked": ours("unchecked") + ["--deadline-ms", "0", "--repeat"],
            "v8": [*NODE, os.path.join(HERE, "v8_turns.mjs"), job["worker"], source]
            + [self.outputs["v8"], options],
            "libvips": [sys.executable, os.path.join(HERE, "vips_turns.py"), source]
            + [self.outputs["libvips"], json.dumps(wanted)],
        }
        environment = {
            # Compiled code is kept where no other work can push it out: a sample that compiles is
            # void.
            "XDG_CACHE_HOME": scratch,
            "VIPS_CONCURRENCY": "1",
        }
        self.programs = {
            name: turns.Repeated(command, environment) for name, command in commands.items()
        }

    def result(self, reference):
        self.check()
        costs = {name: program.milliseconds() for name, program in self.programs.items()}
        box = self.shape.height and (self.shape.width, self.shape.height, workloads.BACKGROUND)
        for name in ("ours", "libvips"):
            costs[name].update(reference.judge(self.outputs[name], box))
        return {
            "picture": self.picture["name"],
            "kind": self.picture["kind"],
            "megapixels": self.picture["megapixels"],
            "shape": self.shape.label(),
            "format": self.shape.format,
            "target": self.shape.target,
            "programs": costs,
        }

    def check(self):
        """One component, one picture: engines that do not agree are not measured but reported."""
        made = {}
        for name in ("ours", "unchecked", "v8"):
            with open(self.outputs[name], "rb") as file:
                made[name] = file.read()
        if len(set(made.values())) != 1:
            sys.exit(f"expected wasmtime and V8 to make the same bytes of {self.picture['name']}")
