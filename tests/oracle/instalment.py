"""The `instalment` policy, worked out from its tables."""

import datetime
from decimal import Decimal

import tables
from decision import Product
from loan import Fee, down, millionths

products = [
    Product("basket", [3, 6, 12, 24], 500_00, 20_000_00),
    Product("free-6", [3, 6], 500_00, 20_000_00),
]
fees = {"free-6": (Fee("by_partner", "0.03"),)}
ceiling = Decimal("0.24")
step = 100_00
base, odds, pdo = 600, 50, 20

HOUSING = {"own": "own", "mortgage": "mortgage", "rent": "rent",
           "family": "with_others", "provided": "with_others"}
WORK = {"employee": "steady", "public": "steady", "self_employed": "own", "farmer": "own",
        "gig": "gig", "other": "other"}


def load(folder):
    global scorecard, cap_rows, rates, minimum_ages
    scorecard = tables.Card(folder / "tables/card.csv")
    cap_rows = tables.read(folder / "tables/cap.csv")
    rates = tables.read(folder / "tables/rate.csv")
    minimum_ages = tables.read(folder / "tables/minimum-age.csv")


def years(birth, day):
    had_birthday = (day.month, day.day) >= (birth.month, birth.day)
    return day.year - birth.year - (0 if had_birthday else 1)


def band(value, lowest, *edges):
    """The low end of the band that a value falls in."""
    return max([e for e in edges if e <= value], default=lowest)


def ratio(part, whole):
    return millionths(Decimal(part) / whole) if whole else 1_000_000


def features(a, request, as_of):
    age = years(datetime.date.fromisoformat(a["birth"]), as_of)
    left = a["income"] - a["debts"] - max(a["household"], 800_00)
    address = a.get("address_months")
    return {
        "age": band(age, 0, 18, 20, 22, 26, 35, 60),
        "housing": HOUSING[a["housing"]],
        "address_months": None if address is None else band(address, 0, 12, 36),
        "vehicle": a.get("vehicle"),
        "work": WORK[a["work"]],
        "job_months": band(a["job_months"], 0, 6, 12, 36, 84),
        "income": band(a["income"], 0, 2_000_00, 4_000_00, 7_000_00, 12_000_00),
        "repayment": a["repayment"],
        "debt_ratio": band(ratio(a["debts"], max(a["income"], 1_00)), 0, 100_000, 300_000, 500_000, 700_000),
        "disposable": left - left % 100_00,
        "spending_share": band(ratio(a["household"], a["income"]), 0, 100_000),
        "work_fits_age": a["job_months"] <= (age - 14) * 12,
    }


def knockouts(f):
    minimum_age = int(tables.look_up(minimum_ages, "minimum_age", work=f["work"]))
    rules = {
        "TOO_YOUNG": f["age"] < minimum_age,
        "TOO_OLD": f["age"] >= 60,
        "OVERDUE": f["repayment"] == "overdue",
        "LOW_INCOME": f["income"] < 2_000_00,
        "OVER_INDEBTED": f["debt_ratio"] >= 700_000,
    }
    return [reason for reason, fires in rules.items() if fires]


def reviews(f, request):
    rules = {
        "DEBTS_HIGH": 500_000 <= f["debt_ratio"] < 700_000,
        "SPENDING_UNCLEAR": f["spending_share"] < 100_000 and f["housing"] != "with_others",
        "WORK_UNCLEAR": not f["work_fits_age"],
        "OTHER_WORK": f["work"] == "other",
    }
    return [reason for reason, fires in rules.items() if fires]


def card(f):
    return scorecard


def score_inputs(f, amount, term):
    # The card states shares of one; the summary holds millionths.
    return f | {"debt_ratio": Decimal(f["debt_ratio"]) / 1_000_000}


def grade(score):
    return next(g for g, least in zip("ABCDE", (630, 605, 580, 555, score)) if score >= least)


def rate(grade, product, term):
    if product == "free-6":
        return Decimal(0)
    return Decimal(tables.look_up(rates, "rate", grade=grade, term=term))


def caps(f, grade, product):
    row = {"grade": grade, "housing": f["housing"], "product": product}
    return {"cap": int(tables.look_up(cap_rows, "cap", **row))}


def monthly(f):
    return down(Decimal("0.5") * f["disposable"])
