"""The `manufacturer` policy, worked out from its tables."""

from decimal import Decimal
from fractions import Fraction

import tables
from decision import Product
from rural import MILLION, age, band, date, down, guaranteed, millionths, months_later, nearest, pledged, ratio, spread, within

products = [
    Product("order-12", [3, 6, 12], 5_000_00, 500_000_00),
    Product("machine-36", [24, 36], 20_000_00, 1_000_000_00),
]
MOST = 1_000_000_00
step = 1_000_00
base, odds, pdo = 600, 20, 40
GRADES = [645, 600, 550]


def load(folder):
    global table, scorecard
    table = {path.stem: tables.read(path) for path in (folder / "tables").glob("*.csv")}
    scorecard = tables.Card(folder / "tables/card.csv", start=-180)


def figure(name, output, **inputs):
    return Fraction(tables.look_up(table[name], output, **inputs))


def pledge_ratio(kind):
    return figure("pledge-ratio", "ratio", kind=kind)


def features(a, request, as_of):
    sector, sales = a["sector"], a["sales"]
    living = figure("living", "living", region=a["region"])
    earned = sales - a["materials"] - a["wages"] - a["costs"]
    left_over = earned - wear(a) - a["debts"] - max(a["household"], living)
    margin = ratio(sales - a["materials"], sales)
    least = figure("least-margin", "margin", sector=sector) * MILLION
    most = figure("most-margin", "margin", sector=sector) * MILLION
    by_head = nearest(Fraction(sales, a["workers"] + 1))
    machines = a.get("machines", [])
    paid, worth = sum(m["paid"] for m in machines), sum(left(m) for m in machines)
    buyers = a.get("buyers", [])
    late = sum(b["owed"] for b in buyers if b["late"] >= 3)
    owed = sum(b["owed"] for b in buyers)
    return {
        "age": band(age(a["birth"], as_of), 0, 18, 25, 55, 65),
        "region": a["region"],
        "in_trade": band(a["in_trade"], 0, 6, 12, 36),
        "sector": sector,
        "repayment": a["repayment"],
        "materials": down(min(a["materials"], 400_000_00), 1_000_00),
        "disposable": down(within(left_over, 0, 400_000_00), 200_00),
        "debt_ratio": band(ratio(a["debts"], max(earned, 1_00)), 0, 200_000, 400_000, 700_000),
        "output_gap": band(spread(by_head, figure("usual-output", "output", sector=sector)), 0, 400_000, 600_000),
        "margin_usual": least <= margin <= most,
        "wages_fit": a["wages"] >= a["workers"] * figure("least-wage", "wage", region=a["region"]),
        "power_gap": power_gap(a),
        "machines_worth": down(min(nearest(worth), 1_250_000_00), 1_000_00),
        "worn": band(MILLION - millionths(worth / paid), 0, 500_000) if machines else None,
        "order_months": band(ratio(a["orders"], sales), 0, 250_000, 500_000, MILLION) if a.get("selling") else None,
        "receivable": down(min(sum(lent(b) for b in buyers), MOST), 1_000_00),
        "late_share": band(ratio(late, owed) if owed else 0, 0, 250_000, 500_000) if a.get("selling") else None,
        "insured": a.get("insured"),
        "lease_short": "lease_end" in a and date(a["lease_end"]) < months_later(as_of, 12),
        "pledged": pledged(a.get("pledges", []), pledge_ratio, MOST),
        "guaranteed": guaranteed(a, living, MOST),
    }


def lost(machine):
    """The part of its price that a machine has lost by its age, at a level rate."""
    return Fraction(machine["age"], 12) * figure("yearly-loss", "loss", kind=machine["kind"])


def left(machine):
    """What is left of the price; scrap is worth a twentieth of it."""
    return machine["paid"] * max(1 - lost(machine), Fraction(5, 100))


def wear(a):
    """What machines lose in a month: as told, while they are worth more than scrap, or as usual."""
    if not a.get("equipment"):
        return nearest(a["sales"] * figure("usual-loss", "loss", sector=a["sector"]))
    working = [m for m in a["machines"] if lost(m) < Fraction(95, 100)]
    return sum(nearest(m["paid"] * figure("yearly-loss", "loss", kind=m["kind"]) / 12) for m in working)


def power_gap(a):
    if not a.get("meter"):
        return None
    used = Fraction(a["electricity"], MILLION)
    made = nearest(used * figure("by-power", "sales", sector=a["sector"]))
    return band(spread(a["sales"], made), 0, 200_000, 400_000)


def lent(buyer):
    """What is lent on what a buyer owes; nothing once it is three months late."""
    if buyer["late"] >= 3:
        return 0
    return nearest(buyer["owed"] * figure("buyer-ratio", "ratio", kind=buyer["kind"]))


def shares(f, *names):
    """Cards and tables state shares of one; the summary holds millionths."""
    return {name: None if f[name] is None else Decimal(f[name]) / MILLION for name in names}


def fields(f, *names):
    return {name: f[name] for name in names}


def season(f):
    """The first row that fits."""
    case = fields(f, "sector", "region")
    return tables.outputs(table["season"], "season", **case, month=f["as_of"].month)[0]


def knockouts(f):
    rules = {
        "TOO_YOUNG": f["age"] < 18,
        "TOO_OLD": f["age"] >= 65,
        "OVERDUE": f["repayment"] == "overdue",
        "OVER_INDEBTED": f["debt_ratio"] >= 700_000,
        "NEW_WORKSHOP": f["in_trade"] < 6,
    }
    return [reason for reason, fires in rules.items() if fires]


def reviews(f, request):
    gaps = shares(f, "output_gap", "power_gap", "late_share")
    listed = tables.outputs(table["review"], "reason", **fields(f, "wages_fit", "lease_short"), **gaps)
    doubts = tables.outputs(table["doubts"], "doubt", margin_usual=f["margin_usual"], **gaps)
    least = figure("least-orders", "months", season=season(f)) * MILLION
    rules = {
        "FIGURES_UNCLEAR": len(doubts) >= 2,
        "FEW_ORDERS": f["order_months"] is not None and f["order_months"] < least,
    }
    return listed + [reason for reason, fires in rules.items() if fires]


def card(f):
    return scorecard


def score_inputs(f, amount, term):
    return f | shares(f, "debt_ratio", "output_gap", "power_gap", "order_months", "late_share", "worn")


def grade(score):
    return next(g for g, least in zip("ABCD", GRADES + [score]) if score >= least)


def rate(grade, product, term):
    return Decimal(tables.look_up(table["rate"], "rate", grade=grade, term=term))


def sold(product, f):
    return product == "order-12" or f["in_trade"] >= 12


def caps(f, grade, product):
    months = figure("material-months", "months", season=season(f))
    unsecured = int(figure("unsecured", "unsecured", grade=grade, in_trade=f["in_trade"]))
    machines = nearest(f["machines_worth"] * Fraction(4, 10))
    return {
        "need": MOST if product == "machine-36" else int(f["materials"] * months),
        "collateral": unsecured + machines + f["receivable"] + f["pledged"] + f["guaranteed"],
    }


def monthly(f):
    return nearest(f["disposable"] * figure("share", "share", **shares(f, "power_gap", "order_months")))
