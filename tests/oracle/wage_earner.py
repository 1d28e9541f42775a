"""The `wage-earner` policy, worked out from its tables."""

from decimal import Decimal
from fractions import Fraction
from math import isqrt

import tables
from decision import Product
from loan import Fee
from rural import MILLION, age, band, date, down, nearest, ratio, spread, whole_months, within

products = [
    Product("everyday-12", [3, 6, 12], 1_000_00, 50_000_00),
    Product("home-36", [24, 36], 10_000_00, 200_000_00),
    Product("backed-12", [6, 12], 5_000_00, 30_000_00),
]
fees = {"backed-12": (Fee("each_instalment", "0.0025"),)}
ceiling = Decimal("0.24")
step = 500_00
base, odds, pdo = 600, 30, 40
GRADES = [660, 620, 575]
HOUSING = {"own": "own", "mortgage": "mortgage", "rent": "rent",
           "family": "with_others", "provided": "with_others"}


def load(folder):
    global table, cards
    table = {path.stem: tables.read(path) for path in (folder / "tables").glob("*.csv")}
    cards = {
        "gig": tables.Card(folder / "tables/card-gig.csv", start=25),
        "payroll": tables.Card(folder / "tables/card-payroll.csv", start=-45),
    }


def figure(name, output, **inputs):
    return Fraction(tables.look_up(table[name], output, **inputs))


def features(a, request, as_of):
    gig = a["work"] == "gig"
    living = figure("living", "living", region=a["region"])
    paid = [month["paid"] for month in a["months"]] if gig else []
    income = nearest(Fraction(sum(paid), 6)) if gig else a["pay"]
    uneven = variation(paid)
    rent = a.get("rent", 0)
    part = figure("counted", "counted", variation=Decimal(uneven) / MILLION) if gig else 1
    left = nearest(income * part) - rent - a["debts"] - max(a["household"], living)
    lived = whole_months(date(a["birth"]), as_of)
    return {
        "age": band(age(a["birth"], as_of), 0, 18, 22, 28, 50, 60),
        "housing": HOUSING[a["housing"]],
        "work": a["work"],
        "at_work": band(a["at_work"], 0, 3, 6, 12, 36),
        "insurance": band(a["insurance"], 0, 3, 12, 36),
        "variation": band(uneven, 0, 150_000, 300_000, 500_000),
        "income": down(min(income, 20_000_00), 500_00),
        "repayment": a["repayment"],
        "applied": band(a["applied"], 0, 2, 3, 4, 6),
        "debt_ratio": band(
            ratio(a["debts"] + rent, max(income, 1_00)), 0, 200_000, 400_000, 550_000, 700_000
        ),
        "disposable": down(within(left, 0, 45_000_00), 100_00),
        "spending_share": band(ratio(a["household"], income) if income else MILLION, 0, 100_000),
        "work_fits_age": a["at_work"] + 16 * 12 <= lived,
        "pay_gap": band(spread(a["pay"], nearest(a["fund_base"] * Fraction(85, 100))), 0, 200_000, 500_000)
        if a.get("fund")
        else None,
        "debts_fit": debts_fit(a),
        "savings": down(min(a.get("savings", 0), 100_000_00), 1_000_00),
        "guaranteed": down(within(guarantor_left(a, living) * 6, 0, 200_000_00), 1_000_00),
    }


def variation(paid):
    """The standard deviation of the months over their mean, in millionths, rounded down."""
    count, total = len(paid), sum(paid)
    # n² times the variance: n Σx² − (Σx)².
    spread_squared = count * sum(x * x for x in paid) - total * total
    return isqrt(spread_squared * MILLION * MILLION // (total * total)) if total else 0


def debts_fit(a):
    """Whether repayments, with a tenth on top, carry the mortgage's level instalment at 4 %."""
    if not a.get("mortgage"):
        return None
    r = Fraction(4, 100) / 12
    instalment = a["mortgage_left"] * r / (1 - (1 + r) ** -a["mortgage_time"])
    return a["debts"] * Fraction(11, 10) >= instalment


def guarantor_left(a, living):
    if not a.get("guarantor"):
        return 0
    return max(a["guarantor_income"] - a["guarantor_debts"] - living, 0)


def shares(f, *names):
    """Cards and tables state shares of one; the summary holds millionths."""
    return {name: None if f[name] is None else Decimal(f[name]) / MILLION for name in names}


def fields(f, *names):
    return {name: f[name] for name in names}


def knockouts(f):
    rules = {
        "TOO_YOUNG": f["age"] < 18,
        "TOO_OLD": f["age"] >= 60,
        "OVERDUE": f["repayment"] == "overdue",
        "LOW_INCOME": f["income"] < 2_000_00,
        "OVER_INDEBTED": f["debt_ratio"] >= 700_000,
        "MANY_LENDERS": f["applied"] >= 6,
    }
    return [reason for reason, fires in rules.items() if fires]


def reviews(f, request):
    inputs = fields(f, "work", "at_work", "insurance", "housing")
    listed = tables.outputs(
        table["review"], "reason", **inputs, **shares(f, "variation", "spending_share", "pay_gap")
    )
    rules = {"WORK_UNCLEAR": not f["work_fits_age"], "DEBTS_UNCLEAR": f["debts_fit"] is False}
    return listed + [reason for reason, fires in rules.items() if fires]


def card(f):
    return cards["gig" if f["work"] == "gig" else "payroll"]


def score_inputs(f, amount, term):
    return f | shares(f, "variation", "debt_ratio", "pay_gap")


def grade(score):
    return next(g for g, least in zip("ABCD", GRADES + [score]) if score >= least)


def rate(grade, product, term):
    if product == "backed-12":
        return Decimal(tables.look_up(table["backed-rate"], "rate", grade=grade))
    return Decimal(tables.look_up(table["rate"], "rate", grade=grade, term=term))


def sold(product, f):
    new = f["work"] == "gig" or f["at_work"] < 12
    return product == "everyday-12" or new == (product == "backed-12")


def discounts(f):
    if f["repayment"] == "on_time":
        yield lambda rate: rate - Decimal("0.003")
    if f["pay_gap"] is not None and f["pay_gap"] < 200_000 and f["insurance"] >= 12:
        yield lambda rate: rate * Decimal("0.95")


def caps(f, grade, product):
    case = {"grade": grade, "work": f["work"]}
    unsecured = figure("unsecured", "unsecured", **case) + Fraction(f["savings"], 2) + f["guaranteed"]
    ceilings = tables.outputs(table["ceiling"], "ceiling", **fields(f, "work", "at_work", "applied", "age"))
    backed = 15_000_00 if product == "backed-12" else 0
    return {
        "income": int(f["income"] * figure("months", "months", **case)),
        "unsecured": int(unsecured) + backed,
        "ceiling": min(int(ceiling) for ceiling in ceilings),
    }


def monthly(f):
    return nearest(f["disposable"] * figure("share", "share", work=f["work"], **shares(f, "pay_gap")))
