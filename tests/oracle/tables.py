"""Decision tables and scorecards as they stand in a policy's CSV files."""

import csv
from decimal import Decimal


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def falls_in(cell, value):
    """Whether a value (a number, a word, a truth value, None for missing) falls in a cell.

    Periods are numbers of months.
    """
    return any(part_takes(part.strip(), value) for part in cell.split(","))


def part_takes(part, value):
    if part == "-":
        return True
    if value is None or part in ("missing", "unseen"):
        return value is None and part == "missing"
    if isinstance(value, bool):
        return part == str(value).lower()
    if isinstance(value, str):
        return part == f'"{value}"'
    if part[0] in "[(":
        low, high = part[1:-1].split("..")
        above = value >= number(low) if part[0] == "[" else value > number(low)
        below = value <= number(high) if part[-1] == "]" else value < number(high)
        return above and below
    for sign, holds in (
        (">=", lambda n: value >= n),
        ("<=", lambda n: value <= n),
        (">", lambda n: value > n),
        ("<", lambda n: value < n),
    ):
        if part.startswith(sign):
            return holds(number(part.removeprefix(sign)))
    return value == number(part)


def number(text):
    """A number, or a period such as "1 year 6 months" in months."""
    text = text.strip()
    if not text.startswith('"'):
        return Decimal(text)
    words = text.strip('"').split()
    counted = zip(words[::2], words[1::2])
    return sum(int(count) * (12 if unit.startswith("year") else 1) for count, unit in counted)


def hits(rows, **inputs):
    """The rows that take the inputs in, in declared order."""
    return [r for r in rows if all(falls_in(r[name], value) for name, value in inputs.items())]


def outputs(rows, output, **inputs):
    """What the rows that take the inputs in say, in declared order."""
    return [row["=" + output].strip('"') for row in hits(rows, **inputs)]


def look_up(rows, output, **inputs):
    """The output of the one row that takes the inputs in."""
    found = outputs(rows, output, **inputs)
    assert len(found) == 1, (output, inputs, found)
    return found[0]


class Card:
    """A scorecard: {characteristic: rows} in declared order, and the points to start with."""

    def __init__(self, path, start=0):
        self.start = start
        self.characteristics = {}
        for row in read(path):
            self.characteristics.setdefault(row["characteristic"], []).append(row)

    def score(self, values):
        """(points, [(points below the best, reason)] in declared order)."""
        total, losses = self.start, []
        for name, rows in self.characteristics.items():
            taken = [row for row in rows if falls_in(row["bin"], values[name])]
            taken = taken or [row for row in rows if row["bin"] == "unseen"]
            assert len(taken) == 1, (name, values[name], len(taken))
            points = int(taken[0]["points"])
            best = max(int(row["points"]) for row in rows)
            total += points
            losses.append((best - points, taken[0]["reason"]))
        return total, losses


def main_reasons(losses, most):
    """The codes that cost most, those of one code added up, ties in declared order."""
    by_code = {}
    for points, code in losses:
        by_code[code] = by_code.get(code, 0) + points
    worst = sorted(by_code, key=lambda code: -by_code[code])
    return [code for code in worst if by_code[code] > 0][:most]
