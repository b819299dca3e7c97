"""What a run of checks says: one line per check, and exit code 1 where one failed."""

import sys
import traceback


class Report:
    """Runs checks one after the other; one that fails does not keep the others from running."""

    def __init__(self, title):
        self.title = title
        self.passed = 0
        self.failed = []

    def check(self, name, action):
        try:
            note = action()
        except Exception as error:  # Whatever a client raises is a finding.
            self.failed.append(name)
            where = traceback.extract_tb(error.__traceback__)[-1]
            print(f"FAIL {name}: {type(error).__name__}: {str(error)[:400]} ({where.name}:{where.lineno})")
        else:
            self.passed += 1
            print(f"ok   {name}" + (f": {note}" if note else ""))

    def end(self):
        print(f"{self.title}: {self.passed} passed, {len(self.failed)} failed")
        sys.exit(1 if self.failed else 0)


def expect(holds, what):
    if not holds:
        raise AssertionError(f"expected {what}")
