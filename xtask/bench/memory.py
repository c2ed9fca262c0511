"""How much linear memory a transform takes at its peak, and how much was forecast."""

import json
import os
import subprocess

import pictures
import workloads


def rows(job, known, chosen, scratch, wanted):
    """One row for each picture of the table, measured once: the component gives the same each time."""
    kinds = {picture["kind"]: picture for picture in chosen}
    giants = [p for p in known if p["jpeg"] and p["megapixels"] >= workloads.GIANT_MEGAPIXELS]
    if giants:
        kinds[workloads.GIANT] = max(giants, key=lambda p: p["megapixels"])
    made = []
    for kind, how, target in workloads.MEMORY:
        label = " ".join(filter(None, (kind, how and f"as {how}")))
        if kind in kinds and wanted(f"memory {label}"):
            made.append({**row(job, kinds[kind], how, scratch), "kind": label, "target": target})
    return made


def row(job, picture, how, scratch):
    facts = {"picture": picture["name"], "megapixels": picture["megapixels"]}
    path = pictures.rewritten(picture, how, scratch) if how else picture["path"]
    if path is None:
        return {**facts, "missing": "left out: there is no jpegtran on PATH"}
    output = os.path.join(scratch, "memory.jpg")
    options = f"width={workloads.MEMORY_WIDTH},format=jpeg,quality={job['quality']}"
    command = [job["selvedge"], "transform", path, output, options, "--record"]
    said = subprocess.run(command, capture_output=True, text=True)
    if said.returncode != 0:
        return {**facts, "missing": said.stderr.splitlines()[-1].removeprefix("selvedge: ")}
    record = json.loads(said.stderr.splitlines()[-1])
    return {
        **facts,
        "used": {
            "source": record["source_bytes"],
            "peak": record["memory"],
            "forecast": record["forecast_memory"],
        },
    }
