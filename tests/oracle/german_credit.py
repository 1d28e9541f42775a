"""The `german-credit` policy, worked out from its tables."""

from decimal import Decimal

import tables
from decision import Product

TERMS = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 21, 22, 24, 26, 27, 28, 30, 33,
         36, 39, 40, 42, 45, 47, 48, 54, 60, 72]
products = [Product("loan", TERMS, 250_00, 20_000_00)]
step = 250_00
base, odds, pdo = 600, 50, 20

GROUPS = {
    "housing": {"own": "own", "rent": "other", "free": "other"},
    "property": {"real_estate": "real_estate", "savings_plan": "some", "car_or_other": "some",
                 "none": "none"},
    "employment": {"unemployed": "jobless", "below_1": "new", "from_1": "settling",
                   "from_4": "settled", "from_7": "settled"},
    "checking": {o: o for o in ("none", "overdrawn", "below_200", "from_200")},
    "savings": {"below_100": "small", "from_100": "small", "from_500": "solid",
                "from_1000": "solid", None: None},
    "history": {"critical": "elsewhere", "paid_so_far": "running", "past_delay": "delay",
                "none_taken": "settled", "paid_here": "settled"},
    "purpose": {"car_used": "used_car", "retraining": "used_car", "radio_tv": "radio_tv",
                "furniture": "home", "appliances": "home", "car_new": "new_car",
                "repairs": "new_car", "education": "new_car", "business": "new_car",
                "other": "new_car", "vacation": "vacation"},
    "other_plans": {"none": "none", "stores": "some", "bank": "some"},
    "guarantors": {"guarantor": "guarantor", "none": "other", "co_applicant": "other"},
}


def load(folder):
    global scorecard, cap_rows, rates
    scorecard = tables.Card(folder / "tables/card.csv")
    cap_rows = tables.read(folder / "tables/cap.csv")
    rates = tables.read(folder / "tables/rate.csv")


def features(a, request, as_of):
    grouped = {name: groups[a.get(name)] for name, groups in GROUPS.items()}
    return grouped | {
        "age": max(e for e in (16, 18, 26, 35) if e <= a["age"]),
        "instalment_rate": 4 if a["instalment_rate"] == 4 else 1,
    }


def knockouts(f):
    means = (f["employment"], f["property"], f["guarantors"])
    rules = {"MINOR": f["age"] < 18, "NO_MEANS": means == ("jobless", "none", "other")}
    return [reason for reason, fires in rules.items() if fires]


def reviews(f, request):
    rules = {
        "OVERDRAWN": f["checking"] == "overdrawn" and f["history"] == "delay",
        "LARGE_AND_LONG": request["amount"] >= 10_000_00 and request["term"] >= 48,
    }
    return [reason for reason, fires in rules.items() if fires]


def card(f):
    return scorecard


def score_inputs(f, amount, term):
    return f | {"amount": amount, "term": term}


def grade(score):
    return next(g for g, least in zip("ABCDE", (560, 530, 510, 480, score)) if score >= least)


def rate(grade, product, term):
    return Decimal(tables.look_up(rates, "rate", grade=grade, term=term))


def caps(f, grade, product):
    return {"cap": int(tables.look_up(cap_rows, "cap", grade=grade))}


def monthly(f):
    return None
