"""The `renewal` policy, worked out from its tables."""

import datetime
from decimal import Decimal

import tables
from decision import Product
from instalment import band
from loan import down, millionths
from rural import whole_months

products = [Product("returning", [6, 12, 24], 1_000_00, 100_000_00)]
ceiling = Decimal("0.24")
step = 500_00
base, odds, pdo = 600, 30, 30
declared = ["LATE", "OFTEN_LATE", "NEW_WORK", "LONG_AWAY"]


def load(folder):
    global scorecard, growths, unsecured_rows, rates
    scorecard = tables.Card(folder / "tables/card.csv")
    growths = tables.read(folder / "tables/growth.csv")
    unsecured_rows = tables.read(folder / "tables/unsecured.csv")
    rates = tables.read(folder / "tables/rate.csv")


def features(a, request, as_of):
    paid_off = datetime.date.fromisoformat(a["paid_off"])
    late_share = min(millionths(Decimal(a["late_instalments"]) / a["instalments"]), 1_000_000)
    debt_ratio = min(millionths(Decimal(a["debts"]) / max(a["income"], 1_00)), 2_000_000)
    pause = whole_months(paid_off, as_of) if paid_off <= as_of else 0
    left = a["income"] - a["debts"] - max(a["household"], 1_000_00)
    left = max(min(left, 50_000_00), 0)
    return {
        "loans": band(a["loans"], 1, 2, 3, 5),
        "last_limit": a["last_limit"] - a["last_limit"] % 500_00,
        "pause": band(pause, 0, 6, 18, 36),
        "late_share": band(late_share, 0, 1, 100_000, 250_000),
        "longest_late": band(a["longest_late"], 0, 1, 4, 11, 30, 31, 90),
        "overdue_now": a["overdue_now"],
        "income": band(a["income"], 0, 2_000_00, 5_000_00, 10_000_00),
        "debt_ratio": band(debt_ratio, 0, 100_000, 300_000, 500_000, 700_000),
        "disposable": left - left % 100_00,
        "new_work_since": band(a["new_work_since"], 0, 6, 24) if a["work_changed"] else None,
    }


def knockouts(f):
    rules = {
        "OVERDUE": f["overdue_now"],
        "VERY_LATE": f["longest_late"] >= 90,
        "OVER_INDEBTED": f["debt_ratio"] >= 700_000,
    }
    return [reason for reason, fires in rules.items() if fires]


def reviews(f, request):
    new_work = f["new_work_since"]
    rules = {
        "LATE": f["longest_late"] >= 30,
        "OFTEN_LATE": f["late_share"] >= 250_000,
        "NEW_WORK": new_work is not None and new_work < 6,
        "LONG_AWAY": f["pause"] >= 36,
    }
    return [reason for reason, fires in rules.items() if fires]


def card(f):
    return scorecard


def score_inputs(f, amount, term):
    # The card states shares of one; the summary holds millionths.
    shares = {name: Decimal(f[name]) / 1_000_000 for name in ("late_share", "debt_ratio")}
    return f | shares


def grade(score):
    return next(g for g, least in zip("ABCD", (640, 600, 560, score)) if score >= least)


def rate(grade, product, term):
    return Decimal(tables.look_up(rates, "rate", grade=grade, term=term))


def discounts(f):
    if f["longest_late"] < 1 and f["loans"] >= 3:
        yield lambda rate: rate * Decimal("0.95")


def caps(f, grade, product):
    share = Decimal(f["late_share"]) / 1_000_000
    inputs = {"longest_late": f["longest_late"], "late_share": share, "loans": f["loans"]}
    # The first row that fits decides.
    growth = Decimal(tables.outputs(growths, "growth", **inputs)[0])
    unsecured = tables.look_up(unsecured_rows, "unsecured", grade=grade, loans=f["loans"])
    return {"record": int(f["last_limit"] * growth), "unsecured": int(unsecured)}


def monthly(f):
    return down(Decimal("0.6") * f["disposable"])
