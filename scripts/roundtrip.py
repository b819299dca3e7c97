#!/usr/bin/env python3
"""Compares an OpenAPI document with the export of the spec that was imported from it.

    scripts/roundtrip.py DOCUMENT EXPORT [REPORT]

DOCUMENT is JSON or YAML (which needs PyYAML), EXPORT is JSON of `cargo xtask openapi`, and REPORT is JSON of
`cargo xtask import --format json`: operations that it calls inexact are counted and not compared. Prints each difference
of an exact operation, with its place, and a line of totals; exits with 1 if there is any.

It shares nothing with the import: it reads both documents by itself and compares what they allow. Compared are
operations; parameters with place, `required`, style and schema; bodies with media types; responses of success; and of
schemas: types, `null`, enums, limits, formats, properties, required properties, items and members of unions. Limits are
compared in requests alone, since exports have no others. Words, examples, names of types and the order of anything are
not compared. Requests and responses are read in their own direction.

Other forms of the same are equal: a list of a deep object and `name[]`, texts of several patterns and one pattern, an enum
that other texts may extend and any text, an object without properties and no body, a status of success of the same form
and one that is not listed, `null` in a form and none, a constant with a default and one that is required, and lists of
objects in a query, of which OpenAPI does not say how they are written.
"""

import json
import sys
import urllib.parse

METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
# Headers that OpenAPI gives no meaning, since the client sets them.
OWN_HEADERS = ("accept", "content-type", "content-length", "authorization")
LIMITS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength",
          "pattern", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties")
NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
FORMATS = ("date-time", "date", "time", "uuid", "email", "hostname", "ipv4", "ipv6", "duration")
# What an integer of 64 or 32 bits is limited to anyway, as doubles.
BOUNDS = {"minimum": (-2.0**63, -2.0**31), "maximum": (2.0**63, 2.0**31 - 1, 2.0**32 - 1, 2.0**64)}
DEEPEST = 24


def read(path):
    with open(path, encoding="utf-8-sig") as file:
        text = file.read()
    try:
        return json.loads(text)
    except ValueError:
        pass
    import yaml
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Loader(loader):
        pass

    # Dates and the words of YAML 1.1 are text here.
    kept = {key: [it for it in value if it[0] not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")]
            for key, value in loader.yaml_implicit_resolvers.items()}
    Loader.yaml_implicit_resolvers = kept
    Loader.add_implicit_resolver("tag:yaml.org,2002:bool", __import__("re").compile("^(?:true|false)$"), list("tf"))
    return yaml.load(text, Loader=Loader)


class Document:
    def __init__(self, root):
        self.root = root
        self.is_old = str(root.get("openapi", "")).startswith("3.0")

    def follow(self, value):
        """What a `$ref` leads to, with what stands beside it."""
        seen = []
        while isinstance(value, dict) and isinstance(value.get("$ref"), str):
            reference = value["$ref"]
            if reference in seen or not reference.startswith("#/"):
                return {}
            seen.append(reference)
            target = self.root
            for step in reference[2:].split("/"):
                step = step.replace("~1", "/").replace("~0", "~").replace("%7B", "{").replace("%7D", "}")
                if isinstance(target, list):
                    target = target[int(step)] if step.isdigit() and int(step) < len(target) else None
                else:
                    target = target.get(step) if isinstance(target, dict) else None
            # `required: true` beside a reference is a mistake of old drafts.
            beside = {key: it for key, it in value.items() if key != "$ref" and (key != "required" or it is not True)}
            value = {**target, **beside} if isinstance(target, dict) else {}
        return value

    def operations(self):
        found = {}
        for path, item in (self.root.get("paths") or {}).items():
            item = self.follow(item)
            if not isinstance(item, dict) or path.startswith("x-"):
                continue
            for method, operation in item.items():
                if method.lower() in METHODS and isinstance(operation, dict):
                    bare, _, query = path.partition("?")
                    written = (method.upper(), erased(bare))
                    parameters = {}
                    for it in (item.get("parameters") or []) + (operation.get("parameters") or []):
                        it = self.follow(it)
                        if isinstance(it, dict) and "name" in it:
                            parameters[(it.get("in"), it["name"])] = it
                    constants = [it.partition("=")[0] for it in query.split("&") if it]
                    for (where, name), it in parameters.items():
                        # What these styles put before a value is text of the path.
                        before = {"matrix": f";{name}=", "label": "."}.get(it.get("style")) if where == "path" else None
                        bare = bare.replace(f"{{{name}}}", f"{before or ''}{{{name}}}")
                    key = (method.upper(), erased(bare), tuple(sorted(query.split("&"))) if query else ())
                    # The stream of another operation is a part of that.
                    if "#" in path and key in found:
                        found[key]["joined"] = True
                        continue
                    found[key] = {"parameters": parameters, "operation": operation, "path": bare,
                                  "constants": constants, "written": written, "joined": False}
        return found


def erased(path):
    """A path without the names of its parameters, and without escapes."""
    out, inside = "", False
    path = "".join(it for it in urllib.parse.unquote(path.split("#")[0]) if not it.isspace())
    for it in path if path.startswith("/") else "/" + path:
        if it == "}":
            inside = False
        if not inside:
            out += it
        if it == "{":
            inside = True
    return out


def number(value):
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


class Schema:
    """What a schema allows, with all that it is put together from."""

    def __init__(self):
        self.types = None
        self.null = False
        self.values = None
        self.limits = {}
        self.format = None
        self.properties = {}
        self.required = set()
        self.items = None
        self.additional = None
        self.unions = []
        self.unread = False
        # Several texts that are one.
        self.joined = False
        self.constants = set()


def normal(document, schema, direction, depth=0):
    out = Schema()
    merge(document, schema, direction, out, depth)
    for _ in range(4):
        if not settle_unions(document, direction, out, depth):
            break
    if out.values is not None and None in out.values:
        # A type without null refuses it.
        out.null = out.null or not out.types
        out.values = [it for it in out.values if it is not None]
    if out.values:
        out.types = None
    # Limits on another type mean nothing.
    kinds = out.types or kinds_of(out)
    if kinds:
        fits = {"string": ("minLength", "maxLength", "pattern"), "array": ("minItems", "maxItems", "uniqueItems"),
                "object": ("minProperties", "maxProperties"), "integer": NUMBERS, "number": NUMBERS}
        kept = {key for kind in kinds for key in fits.get(kind, ())}
        out.limits = {key: it for key, it in out.limits.items() if key in kept}
    return out


def settle_unions(document, direction, out, depth):
    """Puts what is no real choice in its place; whether something changed."""
    # `anyOf` with `null`, and a union of one member.
    for at, members in enumerate(out.unions):
        some = [it for it in members if not only_null(document, it)]
        if len(some) < len(members) or any(document.follow(it).get("nullable") is True for it in some):
            out.null = True
        out.unions[at] = some
    # A union of enums is an enum, and one of an enum and any text is text.
    for union in list(out.unions):
        is_one = len(union) < 2 or depth >= DEEPEST
        parts = [] if is_one else [normal(document, it, direction, depth + 1) for it in union]
        if parts and all(it.values is not None for it in parts):
            joined = [value for it in parts for value in it.values]
            out.values = joined if out.values is None else [it for it in out.values if it in joined]
            out.unions.remove(union)
        elif parts and all(it.values and isinstance(it.values[0], str) or it.types == {"string"} for it in parts):
            out.types = {"string"}
            out.joined = True
            out.unions.remove(union)
    single = [it[0] for it in out.unions if len(it) == 1]
    out.unions = [it for it in out.unions if len(it) > 1]
    if depth < DEEPEST:
        for it in single:
            inner = normal(document, it, direction, depth + 1)
            kinds = inner.types or kinds_of(inner) or set()
            if out.types and kinds and not out.types & kinds and not ({"integer", "number"} >= out.types | kinds):
                # A `type` that its only member has not: each of them is meant.
                out.unions.append([{"type": sorted(out.types)}, it])
                continue
            null = out.null
            merge(document, it, direction, out, depth + 1)
            out.null = out.null or null
    return bool(single) and any(len(it) == 1 or len(it) > 1 for it in out.unions)


def only_null(document, schema):
    schema = document.follow(schema)
    return isinstance(schema, dict) and (schema.get("type") == "null" or schema.get("enum") == [None]
                                         or schema.get("type") == ["null"])


def kinds_of(schema):
    if schema.values:
        return {type(it).__name__ for it in schema.values} and None
    if schema.properties:
        return {"object"}
    if schema.items is not None:
        return {"array"}
    return None


def merge(document, schema, direction, out, depth):
    schema = document.follow(schema)
    if not isinstance(schema, dict) or depth > DEEPEST:
        return
    kinds = schema.get("type")
    kinds = kinds if isinstance(kinds, list) else [kinds] if isinstance(kinds, str) else []
    if "null" in kinds or schema.get("nullable") is True:
        out.null = True
    kinds = {it for it in kinds if it != "null"}
    if kinds:
        out.types = kinds if out.types is None else (out.types & kinds or kinds)
    # An open enum of a request takes any text.
    said = schema.get("x-extensible-enum") if direction == "response" else None
    for values in (schema.get("enum"), [schema["const"]] if "const" in schema else None, said):
        if isinstance(values, list) and values:
            out.values = values if out.values is None else [it for it in out.values if it in values]
    for key in LIMITS:
        if key in schema and schema[key] is not None and schema[key] is not False:
            value = schema[key]
            if key == "pattern" and value.startswith("/^") and value.endswith("$/"):
                value = value[1:-1]
            if key in ("exclusiveMinimum", "exclusiveMaximum") and value is True:
                inner = "minimum" if key == "exclusiveMinimum" else "maximum"
                if inner in schema:
                    out.limits[key] = number(schema[inner])
                continue
            if key in ("minimum", "maximum") and schema.get("exclusive" + key.capitalize()) is True:
                continue
            if key.startswith("min") and key not in NUMBERS and value == 0:
                continue
            out.limits[key] = number(value)
    out.format = schema.get("format") or out.format
    for name, it in (schema.get("properties") or {}).items():
        inner = document.follow(it)
        if not isinstance(inner, dict):
            inner = {}
        hidden = inner.get("readOnly") if direction == "request" else inner.get("writeOnly")
        if ("const" in inner or len(inner.get("enum") or ()) == 1) and "default" in inner:
            out.constants.add(name)
        if hidden is not True:
            out.properties.setdefault(name, []).append(it)
        else:
            out.properties.setdefault(("hidden", name), []).append(it)
    if isinstance(schema.get("required"), list):
        out.required |= {it for it in schema["required"] if isinstance(it, str)}
    if "items" in schema:
        out.items = schema["items"]
    if isinstance(schema.get("additionalProperties"), dict) and schema["additionalProperties"]:
        out.additional = schema["additionalProperties"]
    for it in schema.get("allOf") or []:
        # Null is allowed where all parts that have a type allow it.
        null, out.null, was_said, out.types = out.null, False, out.types, None
        merge(document, it, direction, out, depth + 1)
        if out.types is None:
            out.null, out.types = null or out.null, was_said
        elif was_said is not None:
            out.null, out.types = null and out.null, was_said & out.types or was_said
    # `nullable` beside `allOf` is meant, whatever the parts say.
    out.null = out.null or schema.get("nullable") is True
    for key in ("oneOf", "anyOf"):
        members = schema.get(key)
        if isinstance(members, list) and members:
            bare = [it for it in members if isinstance(it, dict) and set(it) <= {"required", "properties", "not", "title"}]
            if len(bare) < len(members):
                out.unions.append(members)
    for key in ("not", "if", "prefixItems", "patternProperties", "dependentRequired", "contains"):
        out.unread = out.unread or key in schema


class Comparison:
    def __init__(self, document, export):
        self.document, self.export = document, export
        self.found = []
        self.seen = set()

    def differ(self, place, what):
        self.found.append(f"{place}: {what}")

    def schemas(self, place, one, other, direction, depth=0, is_parameter=False, has_null=True):
        key = (json.dumps(one, sort_keys=True, default=str), json.dumps(other, sort_keys=True, default=str), direction)
        if depth > DEEPEST or key in self.seen:
            return
        self.seen.add(key)
        one = normal(self.document, one, direction)
        other = normal(self.export, other, direction)
        if one.unread:
            return
        # Nothing but JSON can hold `null`.
        if has_null and one.null != other.null and not (one.null and self.is_any(other)) and (depth or not is_parameter):
            self.differ(place, f"null is {'' if one.null else 'not '}allowed in the document")
        if one.values is not None or other.values is not None:
            said = lambda it: sorted({json.dumps(value) for value in it}) if it is not None else None
            # Exports have no constants and no enums of numbers in responses, and what may be another text one day is text:
            # a server may send another value one day.
            is_open = direction == "response" and (one.values is None or other.values is None)
            # An enum of an array that lists no arrays is one of its items, and the import tells of it.
            of_items = one.items is not None and not any(isinstance(it, list) for it in one.values or [[]])
            # Both truth values, and the object that has nothing.
            is_whole = said(one.values) == ["false", "true"] and other.types == {"boolean"}
            is_empty = said(one.values) == ["{}"] and other.limits.get("maxProperties") == 0
            if said(one.values) != said(other.values) and not (is_open or of_items or is_whole or is_empty):
                self.differ(place, f"enum {said(one.values)} became {said(other.values)}")
            return
        ours, theirs = one.types or kinds_of(one), other.types or kinds_of(other)
        if one.unions or other.unions:
            self.unions(place, one, other, direction, depth)
            return
        if ours and ours != theirs and not (ours == {"object"} and theirs is None):
            self.differ(place, f"type {sorted(ours)} became {sorted(theirs or [])}")
            return
        # Any JSON is text outside of JSON.
        if not ours and theirs and theirs != {"object"} and not (is_parameter and theirs == {"string"}):
            self.differ(place, f"any type became {sorted(theirs)}")
            return
        if one.format == other.format == "uuid":
            # Each is as long.
            for name in ("minLength", "maxLength"):
                one.limits.pop(name, None)
                other.limits.pop(name, None)
        for name in LIMITS:
            a, b = one.limits.get(name), other.limits.get(name)
            if a == b or name in BOUNDS and (a in BOUNDS[name] or a is None) and (b in BOUNDS[name] or b is None):
                continue
            # Several patterns are one, and some formats of the language are patterns.
            if name == "pattern" and (one.joined or a is None and one.format in ("url", "decimal", "uri", "date")):
                continue
            # Exports have the limits of requests only, since clients take whatever a server sends.
            if direction == "request":
                self.differ(place, f"{name} {a} became {b}")
        if ours != {"array"} and one.format in FORMATS and one.format != other.format and "pattern" not in one.limits:
            self.differ(place, f"format {one.format} became {other.format}")
        if ours and not ours & {"array", "object"}:
            return
        names = {it for it in one.properties if isinstance(it, str)}
        others = {it if isinstance(it, str) else it[1] for it in other.properties}
        for name in sorted(names - others):
            self.differ(place, f"property {name} is missing")
        hidden = {it[1] for it in one.properties if not isinstance(it, str)}
        for name in sorted(others - names - hidden - (one.required - names)):
            self.differ(place, f"property {name} is new")
        # A constant with a default is always there.
        visible = {it for it in one.required if it not in hidden or it in names} - one.constants
        kept = {it for it in other.required if it not in hidden} - one.constants
        if visible != kept:
            self.differ(place, f"required {sorted(visible - kept)} became optional, {sorted(kept - visible)} required")
        for name in sorted(names & others):
            theirs = other.properties.get(name) or other.properties.get(("hidden", name))
            self.schemas(f"{place}/{name}", together(one.properties[name]), together(theirs), direction, depth + 1,
                         has_null=has_null)
        if "array" in (ours or ()) and (one.items is not None or other.items is not None):
            self.schemas(f"{place}/[]", one.items or {}, other.items or {}, direction, depth + 1)
        if one.additional is not None:
            self.schemas(f"{place}/*", one.additional, other.additional or {}, direction, depth + 1)

    def is_any(self, schema):
        return not (schema.types or schema.values or schema.properties or schema.unions or schema.items)

    def unions(self, place, one, other, direction, depth):
        """Each member of one is a member of the other: the shallow form is compared, and what is unlike is told."""
        def members(document, schema, around):
            out = []
            for union in schema.unions:
                for it in union:
                    inner = normal(document, it, direction)
                    if inner.unions and len(around) < DEEPEST:
                        out += members(document, inner, around + [inner])
                    elif inner.values is not None and not all(isinstance(value, str) for value in inner.values):
                        out.append(("enum", tuple(sorted(json.dumps(value) for value in inner.values))))
                    else:
                        kinds = {"string"} if inner.values else inner.types or kinds_of(inner) or schema.types or {"any"}
                        names = {it if isinstance(it, str) else it[1] for it in inner.properties} | inner.required
                        base = {it for outer in around for it in [*outer.properties, *outer.required]
                                if isinstance(it, str)}
                        out += [(kind, tuple(sorted(names | base)) if kind == "object" else ()) for kind in kinds]
            kinds = schema.types or set()
            return out or [(kind, ()) for kind in kinds]
        ours, theirs = members(self.document, one, [one]), members(self.export, other, [other])
        if ("number", ()) in theirs:
            ours = [it for it in ours if it != ("integer", ())]
        # A member that says nothing leaves nothing to compare.
        if ("any", ()) in ours or sorted(set(ours)) == sorted(set(theirs)):
            return
        # Members that differ in nothing, such as two texts, are one; `number` has `integer`.
        kinds = lambda all: {"number" if it[0] == "integer" else it[0] if it[0] != "enum" else "enum" for it in all}
        if kinds(ours) != kinds(theirs):
            self.differ(place, f"a union of {sorted(kinds(ours))} became {sorted(kinds(theirs))}")
            return
        for it in sorted(set(ours) - set(theirs))[:3]:
            self.differ(place, f"the member {it[0]} {list(it[1])[:8]} of a union is missing")

    def operation(self, place, one, other, siblings):
        skipped = {("header", it) for _, it in one["parameters"] if it.lower() in OWN_HEADERS}
        credentials = self.credentials()
        ours = {key: it for key, it in one["parameters"].items() if key not in skipped}
        theirs = {(where, name.lower() if where == "header" else name): it
                  for (where, name), it in other["parameters"].items()}
        # A list inside of a deep object, or with brackets, is called so.
        theirs = {(where, name[:-2] if name.endswith("[]") and (where, name) not in ours else name): it
                  for (where, name), it in theirs.items()}
        renamed = dict(zip(names_of(one["path"]), names_of(other["path"])))
        used = set()
        for (where, name), it in ours.items():
            if where == "path" and name not in renamed:
                continue
            found = renamed.get(name, name) if where == "path" else name.lower() if where == "header" else name
            used.add((where, found))
            match = theirs.get((where, found))
            if match is None:
                if (where, name.lower()) not in credentials:
                    self.differ(place, f"the {where} parameter {name} is missing")
                continue
            if bool(it.get("required")) != bool(match.get("required")) and where != "path":
                self.differ(place, f"the {where} parameter {name}: required {bool(it.get('required'))} "
                                   f"became {bool(match.get('required'))}")
            self.parameter(f"{place} {where} {name}", where, it, match)
        for where, name in sorted(set(theirs) - used - siblings):
            if where != "path" and name not in one["constants"] and not theirs[(where, name)].get("x-specwright-client"):
                self.differ(place, f"the {where} parameter {name} is new")
        self.body(place, one["operation"].get("requestBody"), other["operation"].get("requestBody"), bool(siblings))
        # An export has one operation for a path and a method, whatever the query.
        if not siblings:
            self.responses(place, one["operation"].get("responses"), other["operation"].get("responses"))

    def credentials(self):
        schemes = (self.document.root.get("components") or {}).get("securitySchemes") or {}
        schemes = [self.document.follow(it) for it in schemes.values()]
        return {(it.get("in"), str(it.get("name")).lower()) for it in schemes if isinstance(it, dict)}

    def parameter(self, place, where, one, other):
        schema = one.get("schema")
        if schema is None:
            content = one.get("content") or {}
            schema = next(iter(content.values()), {}).get("schema", {}) if content else {}
        theirs = other.get("schema")
        if theirs is None:
            content = other.get("content") or {}
            theirs = next(iter(content.values()), {}).get("schema", {}) if content else {}
        kinds = normal(self.document, schema, "request").types or set()
        if kinds & {"array", "object"} and "content" not in one:
            said, kept = style(where, one), style(where, other)
            if said[0] == kept[0] == "simple" and kinds == {"array"}:
                kept = said  # It is the same text.
            if said[0] in ("matrix", "label"):
                kept = said  # It is written in the path.
            # OpenAPI does not say how a list of objects is written, nor what stands beside `deepObject`.
            items = normal(self.document, normal(self.document, schema, "request").items or {}, "request")
            undefined = kinds == {"object"} and one.get("style") is None and "content" in other or kinds == {"array"} and (bool((items.types or kinds_of(items) or set()) & {"array", "object"})
                                                or said[0] == "deepObject" and other.get("name", "").endswith("[]"))
            if ("content" in other or said != kept) and not undefined:
                self.differ(place, f"style {said} became {'content' if 'content' in other else kept}")
        self.schemas(place, schema, theirs, "request", 0, True)

    def body(self, place, one, other, shares_path):
        one, other = self.document.follow(one or {}), self.export.follow(other or {})
        ours, theirs = media(one), media(other)
        if bool(ours) != bool(theirs):
            # An object that has nothing is no body.
            of_document = [normal(self.document, it, "request") for it in ours.values()]
            if ours and all(not (it.properties or it.unions or it.additional or it.types not in ({"object"}, None))
                            for it in of_document):
                return
            if ours:
                self.differ(place, "the body is missing" if not theirs else "a body is new")
            return
        if not ours:
            return
        # A body with required properties is taken for required; the import tells of it.
        empty = not any(normal(self.document, it, "request").required for it in ours.values())
        if one.get("required") and not other.get("required") and not empty:
            self.differ(place, "the body became optional")
        for kind in theirs:
            match = ours.get(kind)
            if match is None:
                same = [it for name, it in ours.items() if family(name) == family(kind)]
                match = same[0] if same else None
            if match is None:
                self.differ(place, f"the media type {kind} of the body is new")
            elif family(kind) in ("json", "form", "multipart"):
                has_null = family(kind) == "json"
                choices = theirs[kind].get("anyOf") if shares_path else None
                self.best(f"{place} body", match, choices or [theirs[kind]], has_null)
        if not set(map(family, ours)) & set(map(family, theirs)):
            self.differ(place, f"media types {sorted(ours)} became {sorted(theirs)}")

    def best(self, place, one, others, has_null):
        """Operations of one path have one body in an export, which has those of all: the most similar one counts."""
        before, found = self.found, []
        for other in others:
            self.found, self.seen = [], set()
            self.schemas(place, one, other, "request", has_null=has_null)
            found.append(self.found)
        self.found = before + min(found, key=len)

    def responses(self, place, one, other):
        def success(document, responses):
            found = {}
            for status, it in (responses or {}).items():
                if str(status).startswith("2"):
                    found[str(status)] = media(document.follow(it))
            return found
        ours, theirs = success(self.document, one), success(self.export, other)
        for status, kinds in theirs.items():
            match = ours.get(status)
            if match is None:
                match = next((it for key, it in ours.items() if key.upper() == "2XX"), None)
            if match is None:
                # A document without a status of success says nothing of it.
                if ours:
                    self.differ(place, f"the status {status} is new")
                continue
            for kind, schema in kinds.items():
                alike = sorted(match.items(), key=lambda it: it[0] != kind)
                same = [it for name, it in alike if family(name) == family(kind)]
                if not same:
                    self.differ(place, f"the response {status} as {kind} is new")
                elif family(kind) == "json":
                    self.schemas(f"{place} response {status}", same[0], schema, "response")
        known = [json.dumps(it, sort_keys=True, default=str) for status, it in ours.items() if status in theirs]
        for status in ours:
            # Every status of success is one, so that another one of the same form need not be listed.
            is_same = not ours[status] or json.dumps(ours[status], sort_keys=True, default=str) in known
            if status not in theirs and status.upper() != "2XX" and len(ours) > len(theirs) and not is_same:
                self.differ(place, f"the response {status} is missing")


def together(schemas):
    return schemas[0] if len(schemas) == 1 else {"allOf": schemas}


def style(where, parameter):
    default = "form" if where in ("query", "cookie") else "simple"
    said = parameter.get("style") or default
    explode = parameter.get("explode")
    return said, explode if isinstance(explode, bool) else said in ("form", "deepObject")


def media(of):
    content = of.get("content") if isinstance(of, dict) else None
    out = {}
    for name, it in (content or {}).items():
        it = it if isinstance(it, dict) else {}
        out[name.split(";")[0].strip().lower()] = it.get("schema") if it.get("schema") is not None else {}
    return out


def family(name):
    if name.endswith("/json") or name.endswith("+json") or name in ("*/*", "application/*"):
        return "json"
    if name == "application/x-www-form-urlencoded":
        return "form"
    return "multipart" if name.startswith("multipart/") else name


def names_of(path):
    return [it.split("}")[0] for it in path.split("{")[1:]]


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    document, export = Document(read(sys.argv[1])), Document(read(sys.argv[2]))
    inexact = set()
    if len(sys.argv) == 4:
        for it in read(sys.argv[3])["inexact"]:
            method, _, path = it["operation"].partition(" ")
            inexact.add((method, erased(path.partition("?")[0])))
    ours, theirs = document.operations(), export.operations()
    compared = differ = 0
    alike = {}
    for key, it in theirs.items():
        alike.setdefault(key[:2], []).append(it)
    for key, one in ours.items():
        if one["written"] in inexact or one["joined"]:
            continue
        compared += 1
        place = f"{key[0]} {one['path']}"
        comparison = Comparison(document, export)
        # Of several operations with one path, the one that has the constants of the query.
        wants = {("query", it) for it in one["constants"]}
        others = alike.get(key[:2]) or []
        others = [it for it in others if wants <= set(it["parameters"])] or others
        others = sorted(others, key=lambda it: len(set(it["parameters"]) - set(one["parameters"]) - wants))
        other = others[0] if others else None
        if other is None:
            comparison.differ(place, "the operation is missing")
        else:
            same = [it for sibling, it in ours.items() if sibling[:2] == key[:2] and sibling != key]
            siblings = {(where, name.lower() if where == "header" else name)
                        for it in same for where, name in [*it["parameters"], *(("query", it) for it in it["constants"])]}
            comparison.operation(place, one, other, siblings)
        differ += bool(comparison.found)
        print("".join(f"{it}\n" for it in comparison.found), end="")
    known = {it[:2] for it in ours}
    for key in theirs:
        if key[:2] not in known:
            print(f"{key[0]} {key[1]}: the operation is new")
            differ += 1
    print(f"{compared} exact operations compared, {differ} differ, {len(ours) - compared} inexact")
    sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main()
