"""The `curl` samples of the vendors' documents as facts: what is asked, and what the document shows as the answer.

    python scripts/curls.py FOLDER > contract/tests/curls.json

FOLDER holds the documents as text. Bodies go in as hashes (`tests/coverage/README.md` says of what), so that the specs
stay the only place where they are written out; the id of a task, which is new every time, is left out.
"""

import json
import pathlib
import re
import shlex
import sys

# Hosts, and whose they are.
APIS = {
    "runapi.ai": "runapi",
    "api.runanythingai.com": "runanything",
    "api.animeapi.com": "animeapi",
    "api.runcrate.ai": "runcrate",
}
STATES = {"processing", "completed", "failed"}
# Fields of requests that no answer has.
ASKS = {"messages", "contents", "input"}
MOST_LINES = 120


def fnv(body):
    text = json.dumps(whole(body), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 % (1 << 64)
    return f"{value:016x}"


def whole(value):
    if isinstance(value, dict):
        return {name: whole(it) for name, it in value.items()}
    if isinstance(value, list):
        return [whole(it) for it in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def samples(lines):
    """Where each `curl` begins and ends, and its words."""
    at = 0
    while at < len(lines):
        if re.match(r"\s*curl (?!-fsSL)", lines[at]):
            for end in range(at, min(at + MOST_LINES, len(lines))):
                if lines[end].rstrip().endswith("\\"):
                    continue
                try:
                    words = shlex.split("\n".join(lines[at : end + 1]).replace("\\\n", " "))
                except ValueError:
                    continue
                yield at, end, words
                at = end
                break
        at += 1


def request(words):
    method, url, headers, body, form = None, None, {}, None, []
    rest = iter(words[1:])
    for word in rest:
        if word in ("-X", "--request"):
            method = next(rest)
        elif word in ("-H", "--header"):
            name, value = next(rest).split(":", 1)
            headers[name] = value.strip()
        elif word in ("-d", "--data"):
            body = json.loads(next(rest))
        elif word in ("-F", "--form"):
            form.append(next(rest).split("=")[0])
        elif word.startswith("http"):
            url = word
        else:
            raise SystemExit(f"cannot read `{word}` in {words}")
    return method or ("GET" if body is None and not form else "POST"), url, headers, body, form


def blocks(lines):
    """JSON that stands on lines of its own."""
    at = 0
    while at < len(lines):
        if lines[at].strip() in ("{", "[") or re.match(r'\{".*\}\s*$', lines[at]):
            for end in range(at, min(at + MOST_LINES, len(lines))):
                try:
                    value = json.loads("\n".join(lines[at : end + 1]))
                except ValueError:
                    continue
                yield value
                at = end
                break
        at += 1


def fields(value, at=""):
    if isinstance(value, dict):
        for name, it in value.items():
            yield from fields(it, f"{at}.{name}" if at else name)
    elif isinstance(value, list):
        for it in value:
            yield from fields(it, f"{at}[]")
        if not value:
            yield f"{at}[]"
    else:
        yield at


def shown(value, task):
    body = {name: it for name, it in value.items() if not (task and name == "id")} if isinstance(value, dict) else value
    return {"hash": fnv(body), "fields": sorted(set(fields(value)))}


def answers(sent, task, after):
    """What the document shows behind a sample: the answer, and how the task it is about ends."""
    found = {}
    for value in blocks(after):
        state = value.get("status") if isinstance(value, dict) else None
        if task and state in STATES:
            of = "created" if sent != "GET" and state == "processing" else state
        elif task and set(value) == {"id"}:
            of = "created"
        elif not task and not found and not (isinstance(value, dict) and ASKS & set(value)) and "error" not in value:
            of = "answer"
        else:
            continue
        every = found.setdefault(of, [])
        one = shown(value, task)
        if one not in every:
            every.append(one)
    return found


def other(line, path):
    """Whether a line says that another call is described from here on."""
    said = re.match(r"(GET|POST|PUT|PATCH|DELETE) (https://[^/]+)?(/\S+)$", line)
    return bool(said) and re.sub(r":\w+$", "{}", said[3]) not in (path, path.rsplit("/", 1)[0] + "/{}")


def main():
    texts = sorted(pathlib.Path(sys.argv[1]).glob("0*.txt"))
    documents = [(it.name[:3], it.read_text().split("\n")) for it in texts]
    everything = [(name, lines, at, end, request(words)) for name, lines in documents for at, end, words in samples(lines)]
    tasks = {url for *_, (method, url, *_) in everything if method == "GET"}
    tasks = {it.rsplit("/", 1)[0] for it in tasks} & {url for *_, (method, url, *_) in everything if method == "POST"}
    out = []
    for index, (name, lines, at, end, (method, url, headers, body, form)) in enumerate(everything):
        following = everything[index + 1] if index + 1 < len(everything) else None
        stop = following[2] if following and following[0] == name else len(lines)
        after = lines[end + 1 : stop]
        host, path = url.split("//", 1)[1].split("/", 1)
        path = "/" + path
        polls = method == "GET" and url.rsplit("/", 1)[0] in tasks and "/keys/" not in url
        said = (re.match(r"(?:HTTP )?(20\d) |HTTP (20\d)$", it) for it in after)
        status = next((int(it[1] or it[2]) for it in said if it), None)
        first = next(iter(blocks(after)), {})
        made = isinstance(first, dict) and "id" in first and (first.get("status") in STATES or set(first) == {"id"})
        task = polls or (method == "POST" and (url in tasks or status == 202 or made))
        # The sample ends where another call is described.
        after = after[: next((at for at, it in enumerate(after) if other(it, path)), None)]
        if polls:
            path = path.rsplit("/", 1)[0] + "/{}"
        sample = {"api": APIS[host], "at": f"{name}:{at + 1}", "method": method, "path": path}
        key = next((it for it in headers if it.lower() in ("authorization", "x-api-key")), None)
        sample["key"] = (key or "").lower()
        sample["management"] = "MANAGE" in headers.get(key, "")
        others = {it: value for it, value in headers.items() if it != key and it.lower() != "content-type"}
        if others:
            sample["headers"] = others
        if body is not None:
            sample["body"] = fnv(body)
        if form:
            sample["form"] = form
        if status:
            sample["status"] = status
            after = after if status != 204 else []
        sample["task"] = task
        sample.update(answers(method, task, after))
        out.append(sample)
    lines = ",\n".join("  " + json.dumps(it, ensure_ascii=False) for it in out)
    print(f"[\n{lines}\n]")


main()
