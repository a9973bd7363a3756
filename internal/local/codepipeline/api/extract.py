"""Writes model.json: CodePipeline's operations and shapes without their texts.

The source is botocore's service model (Apache-2.0), which AWS generates from
the service itself. Run it through `go generate` after an upgrade of botocore.
"""

import gzip
import json
import pathlib

import botocore

KEEP = ("type", "required", "min", "max", "pattern", "enum", "sensitive")


def ref(member):
    return member["shape"]


def shape(raw):
    out = {k: raw[k] for k in KEEP if k in raw}
    if "members" in raw:
        out["members"] = {k: ref(v) for k, v in raw["members"].items()}
    for part in ("member", "key", "value"):
        if part in raw:
            out[part] = ref(raw[part])
    return out


def main():
    base = pathlib.Path(botocore.__file__).parent / "data/codepipeline/2015-07-09"
    with gzip.open(base / "service-2.json.gz") as f:
        service = json.load(f)
    operations = {
        name: {
            "input": ref(op["input"]) if "input" in op else "",
            "output": ref(op["output"]) if "output" in op else "",
            "errors": [ref(e) for e in op.get("errors", [])],
        }
        for name, op in service["operations"].items()
    }
    shapes = {n: shape(s) for n, s in service["shapes"].items() if not s.get("exception")}
    model = {"botocore": botocore.__version__, "operations": operations, "shapes": shapes}
    text = json.dumps(model, sort_keys=True, indent=0, separators=(",", ":"))
    pathlib.Path(__file__).with_name("model.json").write_text(text + "\n")


main()
