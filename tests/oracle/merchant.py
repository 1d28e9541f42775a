"""The `merchant` policy, worked out from its tables."""

from decimal import Decimal
from fractions import Fraction
from math import isqrt

import tables
from decision import Product
from rural import MILLION, age, band, down, guaranteed, nearest, overstated, pledged, ratio, within

products = [
    Product("stock-12", [3, 6, 12], 5_000_00, 300_000_00),
    Product("shop-36", [24, 36], 20_000_00, 500_000_00),
    Product("flow-12", [6, 12], 10_000_00, 300_000_00),
]
MOST = 500_000_00
ceiling = Decimal("0.24")
step = 1_000_00
base, odds, pdo = 600, 20, 40
GRADES = [660, 620, 570]
ASSETS, LIABILITIES = ("cash", "stock", "receivable", "fixed"), ("payable", "borrowed")


def load(folder):
    global table, scorecard
    table = {path.stem: tables.read(path) for path in (folder / "tables").glob("*.csv")}
    scorecard = tables.Card(folder / "tables/card.csv", start=-170)


def figure(name, output, **inputs):
    return Fraction(tables.look_up(table[name], output, **inputs))


def pledge_ratio(kind):
    return figure("pledge-ratio", "ratio", kind=kind)


def features(a, request, as_of):
    trade, living = a["trade"], figure("living", "living", region=a["region"])
    gross = nearest(Fraction(a["turnover"] * a["margin"], MILLION))
    profit = gross - a["costs"]
    earned = profit + a["other_income"]
    left = earned - a["debts"] - max(a["household"], living)
    least = figure("least-margin", "margin", trade=trade) * MILLION
    most = figure("most-margin", "margin", trade=trade) * MILLION
    return {
        "age": band(age(a["birth"], as_of), 0, 18, 25, 55, 65),
        "housing": a["housing"] if a["housing"] in ("own", "mortgage") else "other",
        "trade": trade,
        "in_trade": band(a["in_trade"], 0, 12, 36),
        "repayment": a["repayment"],
        "turnover": down(min(a["turnover"], 300_000_00), 1_000_00),
        "disposable": down(within(left, 0, 300_000_00), 100_00),
        "debt_ratio": band(ratio(a["debts"], max(earned, 1_00)), 0, 200_000, 400_000, 700_000),
        "turnover_gap": band(turnover_gap(a), 0, 100_000, 200_000),
        "margin_gap": band(margin_gap(a), 0, 50_000, 100_000),
        "margin_usual": least <= a["margin"] <= most,
        "net_worth": down(within(worth(a), 0, 1_700_000_00), 1_000_00),
        "leverage": band(leverage(a), 0, 500_000),
        "equity_gap": band(equity_gap(a, profit), 0, 50_000, 150_000),
        "debts_fit": debts_fit(a),
        "at_address": band(a.get("at_address"), 0, 36),
        "helpers": band(a.get("helpers"), 0, 1),
        "flow_mean": down(min(nearest(Fraction(sum(flows(a)), 12)), 300_000_00), 1_000_00),
        "flow_variation": band(variation(flows(a)), 0, 150_000, 300_000, 500_000) if flows(a) else None,
        "pledged": pledged(a.get("pledges", []), pledge_ratio, MOST),
        "guaranteed": guaranteed(a, living, MOST),
    }


def turnover_gap(a):
    """Turnover as declared against days, payments in, and purchases with the margin on top."""
    inferred = []
    if a.get("days"):
        kinds = ("good", "normal", "bad")
        days = sum(a[f"{kind}_days"] for kind in kinds)
        takings = sum(a[f"{kind}_takings"] * a[f"{kind}_days"] for kind in kinds)
        # More days than a month has are so often in a month.
        inferred.append(nearest(Fraction(takings * 31, max(days, 31))))
    if "inflow" in a:
        inferred.append(a["inflow"])
    if "purchases" in a:
        inferred.append(nearest(Fraction(a["purchases"] * MILLION, MILLION - a["margin"])))
    return overstated(a["turnover"], *inferred) if inferred else None


def margin_gap(a):
    """How far the margin declared lies above that of the goods, weighted by their shares."""
    if not a.get("goods"):
        return None
    shares = sum(g["share"] for g in a["goods"])
    weighted = nearest(Fraction(sum(g["share"] * g["margin"] for g in a["goods"]), shares))
    return max(a["margin"] - weighted, 0)


def worth(a):
    return sum(a.get(name, 0) for name in ASSETS) - sum(a.get(name, 0) for name in LIABILITIES)


def leverage(a):
    if not a.get("balance"):
        return None
    assets = sum(a[name] for name in ASSETS)
    return ratio(sum(a[name] for name in LIABILITIES), assets) if assets else MILLION


def equity_gap(a, profit):
    """What the business should be worth by now against what it is, over the larger."""
    if not a.get("equity"):
        return None
    expected = a["opening"] + profit * a["months_since"] + a["put_in"] - a["taken_out"] + a["revalued"]
    found = worth(a)
    return ratio(abs(expected - found), max(abs(expected), abs(found), 1_00))


def debts_fit(a):
    """Whether repayments, with a tenth on top, carry the mortgage's level instalment at 4.5 %."""
    if not a.get("mortgage"):
        return None
    r = Fraction(45, 1000) / 12
    instalment = a["mortgage_left"] * r / (1 - (1 + r) ** -a["mortgage_time"])
    return a["debts"] * Fraction(11, 10) >= instalment


def flows(a):
    return [month["inflow"] for month in a.get("months", [])]


def variation(flows):
    """The standard deviation of the months over their mean, in millionths, rounded down."""
    count, total = len(flows), sum(flows)
    # n² times the variance: n Σx² − (Σx)².
    spread_squared = count * sum(x * x for x in flows) - total * total
    return isqrt(spread_squared * MILLION * MILLION // (total * total)) if total else 0


def shares(f, *names):
    """The card and tables state shares of one; the summary holds millionths."""
    return {name: None if f[name] is None else Decimal(f[name]) / MILLION for name in names}


def knockouts(f):
    rules = {
        "TOO_YOUNG": f["age"] < 18,
        "TOO_OLD": f["age"] >= 65,
        "OVERDUE": f["repayment"] == "overdue",
        "OVER_INDEBTED": f["debt_ratio"] >= 700_000,
    }
    return [reason for reason, fires in rules.items() if fires]


def reviews(f, request):
    rules = {
        "TURNOVER_UNCLEAR": (f["turnover_gap"] or 0) >= 200_000,
        "EQUITY_UNCLEAR": (f["equity_gap"] or 0) >= 150_000,
        "MARGIN_UNCLEAR": (f["margin_gap"] or 0) >= 100_000,
        "MARGIN_UNUSUAL": not f["margin_usual"] and f["margin_gap"] is None,
        "DEBTS_UNCLEAR": f["debts_fit"] is False,
    }
    return [reason for reason, fires in rules.items() if fires]


def card(f):
    return scorecard


def score_inputs(f, amount, term):
    return f | shares(f, "debt_ratio", "turnover_gap", "margin_gap", "equity_gap")


def grade(score):
    return next(g for g, least in zip("ABCD", GRADES + [score]) if score >= least)


def rate(grade, product, term):
    if product == "flow-12":
        return Decimal(tables.look_up(table["flow-rate"], "rate", grade=grade))
    return Decimal(tables.look_up(table["rate"], "rate", grade=grade, term=term))


def sold(product, f):
    return product != "flow-12" or (f["flow_variation"] is not None and f["in_trade"] >= 36)


def discounts(f):
    return [lambda rate: rate - Decimal("0.003")] if f["flow_variation"] is not None and f["flow_variation"] < 150_000 else []


def caps(f, grade, product):
    months = tables.outputs(table["stock-months"], "months", trade=f["trade"], month=f["as_of"].month)
    housing = f["housing"] if f["housing"] != "other" else "rent"
    unsecured = int(figure("unsecured", "unsecured", grade=grade, housing=housing))
    worth_ratio = figure("worth-ratio", "ratio", **shares(f, "equity_gap", "leverage"))
    lent = nearest(f["net_worth"] * worth_ratio)
    multiple = figure("flow-multiple", "multiple", **shares(f, "flow_variation"))
    most, flow = 500_000_00, product == "flow-12"
    return {
        "need": most if product == "shop-36" else f["turnover"] * int(months[0]),
        "collateral": most if flow else unsecured + lent + f["pledged"] + f["guaranteed"],
        "flow": nearest(f["flow_mean"] * multiple) if flow else most,
    }


def monthly(f):
    share = figure("share", "share", **shares(f, "turnover_gap"))
    return nearest(share * f["disposable"])
