"""The `processing` policy, worked out from its tables."""

from decimal import Decimal
from fractions import Fraction

import loan
import tables
from decision import Product
from rural import MILLION, age, band, date, down, guaranteed, months_later, nearest, pledged, ratio, spread, within

products = [
    Product("stock-12", [3, 6, 12], 5_000_00, 300_000_00),
    Product("machine-36", [24, 36], 10_000_00, 500_000_00),
]
MOST = 500_000_00
ceiling = Decimal("0.24")
step = 1_000_00
base, odds, pdo = 600, 20, 40
GRADES = [645, 595, 545]
REVIEWS = ["LICENCE_PENDING", "POWER_UNCLEAR", "ORDERS_LATE"]


def load(folder):
    global table, scorecard
    table = {path.stem: tables.read(path) for path in (folder / "tables").glob("*.csv")}
    scorecard = tables.Card(folder / "tables/card.csv", start=-120)


def figure(name, output, **inputs):
    return Fraction(tables.look_up(table[name], output, **inputs))


def pledge_ratio(kind):
    return figure("pledge-ratio", "ratio", kind=kind)


def features(a, request, as_of):
    line = a["line"]
    living = figure("living", "living", region=a["region"])
    earned = a["output"] * (a["price"] - a["materials"]) - a["costs"] + a.get("other_income", 0)
    left_over = earned - a["debts"] - max(a["household"], living)
    margin = ratio(a["price"] - a["materials"], a["price"])
    least = figure("least-margin", "margin", line=line) * MILLION
    most = figure("most-margin", "margin", line=line) * MILLION
    power = a["output"] * figure("power-use", "use", line=line) * MILLION
    orders = a.get("orders", [])
    machines = sum(left(m, as_of) for m in a.get("machines", []))
    return {
        "age": band(age(a["birth"], as_of), 0, 18, 25, 55, 65),
        "in_trade": band(a["in_trade"], 0, 12, 36),
        "line": line,
        "licence": a["licence"],
        "repayment": a["repayment"],
        "housing": {None: None, "own": "own", "mortgage": "own"}.get(a.get("housing"), "other"),
        "helpers": band(a.get("helpers"), 0, 1),
        "insured": a.get("insured"),
        "disposable": down(within(left_over, 0, 300_000_00), 100_00),
        "household": -down(-a["household"], 500_00),
        "debt_ratio": band(ratio(a["debts"], max(earned, 1_00)), 0, 200_000, 400_000, 700_000),
        "materials_month": down(min(a["output"] * a["materials"], 300_000_00), 1_000_00),
        "margin_usual": least <= margin <= most,
        "power_gap": band(spread(a["electricity"], power), 0, 150_000, 300_000, 600_000)
        if "electricity" in a
        else None,
        "machines_worth": down(min(machines, 1_250_000_00), 1_000_00),
        "receivable": down(min(sum(lent(o, as_of) for o in orders), MOST), 1_000_00),
        "orders_late": any(date(o["due"]) < as_of for o in orders),
        "pledged": pledged(a.get("pledges", []), pledge_ratio, MOST),
        "guaranteed": guaranteed(a, living, MOST),
    }


def left(machine, as_of):
    """What is left of what was paid for a machine."""
    years = max(age(machine["bought"], as_of), 0)
    return nearest(machine["paid"] * figure("machine-left", "left", kind=machine["kind"], years=years))


def lent(order, as_of):
    """What is lent on an order that falls due within half a year."""
    if not as_of <= date(order["due"]) <= months_later(as_of, 6):
        return 0
    return nearest(order["owed"] * figure("order-ratio", "ratio", buyer=order["buyer"]))


def shares(f, *names):
    """The card and tables state shares of one; the summary holds millionths."""
    return {name: None if f[name] is None else Decimal(f[name]) / MILLION for name in names}


def fields(f, *names):
    return {name: f[name] for name in names}


def licence_fits(f):
    answers = set(tables.outputs(table["licence"], "fits", **fields(f, "line", "licence")))
    assert len(answers) == 1, answers
    return answers == {"true"}


def knockouts(f):
    rules = {
        "TOO_YOUNG": f["age"] < 18,
        "TOO_OLD": f["age"] >= 65,
        "OVERDUE": f["repayment"] == "overdue",
        "OVER_INDEBTED": f["debt_ratio"] >= 700_000,
        "NO_LICENCE": not licence_fits(f) and f["licence"] == "none",
    }
    return [reason for reason, fires in rules.items() if fires]


def reviews(f, request):
    inputs = fields(f, "licence", "orders_late") | shares(f, "power_gap")
    listed = tables.outputs(table["review"], "reason", licence_fits=licence_fits(f), **inputs)
    inputs = fields(f, "margin_usual", "in_trade", "licence") | shares(f, "power_gap")
    concerns = tables.outputs(table["concerns"], "concern", **inputs)
    rules = {
        "FIGURES_UNCLEAR": len(concerns) >= 3 or "grave" in concerns,
        "LITTLE_LEFT": f["disposable"] < f["household"] * Fraction(3, 10),
    }
    return sorted(listed, key=REVIEWS.index) + [reason for reason, fires in rules.items() if fires]


def card(f):
    return scorecard


def score_inputs(f, amount, term):
    return f | shares(f, "debt_ratio", "power_gap") | {"licence_fits": licence_fits(f)}


def grade(score):
    return next(g for g, least in zip("ABCD", GRADES + [score]) if score >= least)


def rate(grade, product, term):
    return Decimal(tables.look_up(table["rate"], "rate", grade=grade, term=term))


def sold(product, f):
    return product == "stock-12" or licence_fits(f)


def plan(product, term, as_of):
    return loan.balloon(term, "0.2") if product == "machine-36" else loan.level(term)


def discounts(f):
    return [lambda rate: rate - Decimal("0.003")] if f["insured"] else []


def caps(f, grade, product):
    months = figure("stock-months", "months", line=f["line"], month=f["as_of"].month)
    unsecured = int(figure("unsecured", "unsecured", grade=grade, line=f["line"]))
    machines = nearest(f["machines_worth"] * Fraction(4, 10))
    ceilings = tables.outputs(table["ceiling"], "ceiling", **fields(f, "line", "in_trade", "licence"))
    return {
        "need": 500_000_00 if product == "machine-36" else int(f["materials_month"] * months),
        "collateral": unsecured + machines + f["receivable"] + f["pledged"] + f["guaranteed"],
        "ceiling": min(int(ceiling) for ceiling in ceilings),
    }


def monthly(f):
    share = figure("share", "share", **shares(f, "power_gap"))
    return nearest(share * f["disposable"])
