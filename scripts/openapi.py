#!/usr/bin/env python3
"""Checks that everything that this project exports is valid OpenAPI, by a validator that has nothing to do with it.

    python3 -m pip install openapi-spec-validator
    python3 scripts/openapi.py

Exports every API of `spec/` and of `tests/project/spec`, as OpenAPI 3.0 and 3.1, and prints what is wrong with each.
Exits with 1 if anything is.
"""

import json
import pathlib
import subprocess
import sys

from jsonschema import Draft4Validator, Draft202012Validator
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator
from openapi_spec_validator.schemas import schema_v30, schema_v31

ROOT = pathlib.Path(__file__).resolve().parent.parent
VALIDATORS = {"3.0": OpenAPIV30SpecValidator, "3.1": OpenAPIV31SpecValidator}
# OpenAPI's own schemas.
SCHEMAS = {"3.0": Draft4Validator(dict(schema_v30)), "3.1": Draft202012Validator(dict(schema_v31))}


def export(project, api, version):
    command = ["cargo", "--quiet", "xtask", "openapi", "--project", project, "--openapi", version, api]
    text = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return json.loads(text)


def faults_of(document, version):
    lost = list(dangling(document, document, []))
    if lost:
        return lost
    try:
        return list(VALIDATORS[version](document).iter_errors())
    except RecursionError:
        # The validator follows schemas that hold themselves without an end. What is left is the form of the document and
        # its schemas.
        faults = list(SCHEMAS[version].iter_errors(document))
        if version == "3.1":
            for schema in document.get("components", {}).get("schemas", {}).values():
                faults += Draft202012Validator(Draft202012Validator.META_SCHEMA).iter_errors(schema)
        return faults


class Dangling:
    def __init__(self, path, reference):
        self.absolute_path = path
        self.message = f"{reference} leads nowhere"


def dangling(document, value, path):
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        if key == "$ref" and isinstance(child, str):
            target = document
            for step in child.removeprefix("#/").split("/"):
                step = step.replace("~1", "/").replace("~0", "~")
                target = target.get(step) if isinstance(target, dict) else None
            if target is None:
                yield Dangling(path, child)
        yield from dangling(document, child, [*path, key])


def main():
    n_faults = 0
    for project in (ROOT, ROOT / "tests" / "project"):
        for folder in sorted(it for it in (project / "spec").iterdir() if (it / "api.yaml").is_file()):
            for version in VALIDATORS:
                faults = faults_of(export(project, folder.name, version), version)
                n_faults += len(faults)
                print(f"{folder.name} {version}: {'valid' if not faults else f'{len(faults)} faults'}")
                for fault in faults:
                    place = "/".join(str(it) for it in fault.absolute_path)
                    print(f"    {place}: {fault.message.splitlines()[0][:200]}")
    sys.exit(1 if n_faults else 0)


if __name__ == "__main__":
    main()
