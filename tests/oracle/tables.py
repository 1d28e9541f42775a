"""Decision tables and scorecards as they stand in a policy's CSV files."""

import csv
from decimal import Decimal


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def falls_in(cell, value):
    """Whether a value (a number, a word, a truth value, None for missing) falls in a cell."""
    cell = cell.strip()
    if cell == "-":
        return True
    if value is None or cell in ("missing", "unseen"):
        return value is None and cell == "missing"
    if isinstance(value, bool):
        return cell == str(value).lower()
    if isinstance(value, str):
        return value in [word.strip().strip('"') for word in cell.split(",")]
    if cell[0] in "[(":
        low, high = cell[1:-1].split("..")
        above = value >= Decimal(low) if cell[0] == "[" else value > Decimal(low)
        below = value <= Decimal(high) if cell[-1] == "]" else value < Decimal(high)
        return above and below
    for sign, holds in (
        (">=", lambda n: value >= n),
        ("<=", lambda n: value <= n),
        (">", lambda n: value > n),
        ("<", lambda n: value < n),
    ):
        if cell.startswith(sign):
            return holds(Decimal(cell.removeprefix(sign).strip()))
    return value == Decimal(cell)


def look_up(rows, output, **inputs):
    """The output of the one row that takes the inputs in."""
    hits = [r for r in rows if all(falls_in(r[name], value) for name, value in inputs.items())]
    assert len(hits) == 1, (output, inputs, len(hits))
    return hits[0]["=" + output]


class Card:
    """A scorecard: {characteristic: rows} in declared order."""

    def __init__(self, path):
        self.characteristics = {}
        for row in read(path):
            self.characteristics.setdefault(row["characteristic"], []).append(row)

    def score(self, values):
        """(points, [(points below the best, reason)] in declared order)."""
        total, losses = 0, []
        for name, rows in self.characteristics.items():
            hits = [row for row in rows if falls_in(row["bin"], values[name])]
            hits = hits or [row for row in rows if row["bin"] == "unseen"]
            assert len(hits) == 1, (name, values[name], len(hits))
            points = int(hits[0]["points"])
            best = max(int(row["points"]) for row in rows)
            total += points
            losses.append((best - points, hits[0]["reason"]))
        return total, losses


def main_reasons(losses, most):
    """The codes that cost most, those of one code added up, ties in declared order."""
    by_code = {}
    for points, code in losses:
        by_code[code] = by_code.get(code, 0) + points
    worst = sorted(by_code, key=lambda code: -by_code[code])
    return [code for code in worst if by_code[code] > 0][:most]
