"""The `planting` policy, worked out from its tables."""

from decimal import Decimal
from fractions import Fraction

import loan
import tables
from decision import Product
from rural import MILLION, age, band, date, down, guaranteed, months_later, nearest, pledged, ratio, spread, within

products = [
    Product("season-12", [6, 12], 2_000_00, 100_000_00),
    Product("nursery-12", [12], 2_000_00, 100_000_00),
    Product("garden-36", [24, 36], 10_000_00, 200_000_00),
]
MOST = 200_000_00
ceiling = Decimal("0.24")
step = 500_00
base, odds, pdo = 600, 20, 40


def load(folder):
    global table, trees, annual
    table = {path.stem: tables.read(path) for path in (folder / "tables").glob("*.csv")}
    trees = tables.Card(folder / "tables/card-trees.csv", start=-60)
    annual = tables.Card(folder / "tables/card-annual.csv")


def figure(name, output, **inputs):
    return Fraction(tables.look_up(table[name], output, **inputs))


def pledge_ratio(kind):
    return figure("pledge-ratio", "ratio", kind=kind)


def features(a, request, as_of):
    living = figure("living", "living", region=a["region"])
    earned = a["sales"] - a["inputs"]
    side = a["other_income"] * 12
    plots = [
        nearest(Fraction(p["price"]) * p["mu"] * p["yield"] / MILLION) for p in a.get("plots", [])
    ]
    a_mu = nearest(Fraction(a["sales"]) * MILLION / a["mu"])
    lease_end = date(a.get("lease_end", "2079-12-31"))
    left = nearest(Fraction(earned, 12)) + a["other_income"] - a["debts"]
    return {
        "age": band(age(a["birth"], as_of), 0, 18, 25, 55, 65),
        "region": a["region"],
        "housing": {"own": "own", "mortgage": "mortgage"}.get(a["housing"], "other"),
        "crop": a["crop"],
        "mu": down(min(a["mu"], 300 * MILLION), MILLION // 2),
        "in_trade": band(a["in_trade"], 0, 24, 36, 60, 96),
        "repayment": a["repayment"],
        "disposable": down(within(left - max(a["household"], living), 0, 50_000_00), 100_00),
        "debt_ratio": band(ratio(a["debts"] * 12, max(earned + side, 1_00)), 0, 200_000, 400_000, 700_000),
        "side_share": band(ratio(side, a["sales"] + side) if a["sales"] + side else 0, 0, 100_000, 400_000),
        "sales_gap": band(spread(a_mu, figure("usual", "usual", crop=a["crop"])), 0, 400_000, 600_000),
        "harvest_gap": band(spread(a["sales"], min(sum(plots), 50_000_000_00)), 0, 100_000, 200_000) if plots else None,
        "tree_age": band(a.get("tree_age"), 0, 48),
        "insured": a.get("insured"),
        "helpers": band(a.get("helpers"), 0, 1),
        "lease_short": lease_end < months_later(as_of, 12),
        "pledged": pledged(a.get("pledges", []), pledge_ratio, MOST),
        "guaranteed": guaranteed(a, living, MOST),
    }


def where(f):
    return {"region": f["region"], "crop": f["crop"], "month": f["as_of"].month}


def knockouts(f):
    least_mu = figure("least-mu", "least_mu", crop=f["crop"], region=f["region"])
    rules = {
        "TOO_YOUNG": f["age"] < 18,
        "TOO_OLD": f["age"] >= 65,
        "OVERDUE": f["repayment"] == "overdue",
        "OVER_INDEBTED": f["debt_ratio"] >= 700_000,
        "LITTLE_LAND": f["mu"] < least_mu * MILLION,
    }
    return [reason for reason, fires in rules.items() if fires]


def reviews(f, request):
    hazards = tables.outputs(table["hazards"], "hazard", **where(f))
    storm = "typhoon" in hazards and len(hazards) >= 2
    rules = {
        "SALES_UNUSUAL": f["sales_gap"] >= 600_000,
        "HARVEST_UNCLEAR": (f["harvest_gap"] or 0) >= 200_000,
        "LEASE_SHORT": f["lease_short"],
        "STORM_UNINSURED": storm and not f["insured"],
    }
    return [reason for reason, fires in rules.items() if fires]


def card(f):
    return trees if f["crop"] in ("orchard", "nursery") else annual


def shares(f, *names):
    """The card and tables state shares of one; the summary holds millionths."""
    return {name: None if f[name] is None else Decimal(f[name]) / MILLION for name in names}


def score_inputs(f, amount, term):
    return f | shares(f, "debt_ratio", "side_share", "sales_gap", "harvest_gap")


def grade(score):
    return next(g for g, least in zip("ABCD", (650, 600, 550, score)) if score >= least)


def rate(grade, product, term):
    return Decimal(tables.look_up(table["rate"], "rate", grade=grade, term=term))


def sold(product, f):
    if product == "nursery-12":
        return f["crop"] == "nursery"
    return product == "season-12" or f["crop"] != "grain"


def discounts(f):
    return [lambda rate: rate - Decimal("0.003")] if f["insured"] else []


# In April and May a nursery pays interest alone.
def plan(product, term, as_of):
    return loan.seasonal(term, as_of, (4, 5)) if product == "nursery-12" else loan.level(term)



def caps(f, grade, product):
    season = tables.outputs(table["season"], "season", **where(f))[0]
    per_mu = figure("per-mu", "per_mu", crop=f["crop"], season=season, product=product)
    unsecured = figure("unsecured", "unsecured", grade=grade, housing=f["housing"])
    return {
        "need": nearest(per_mu * f["mu"] / MILLION),
        "collateral": int(unsecured) + f["pledged"] + f["guaranteed"],
    }


def by_month(f):
    share = figure("share", "share", **shares(f, "harvest_gap"))
    month_share = (figure("of-month", "of_month", crop=f["crop"], month=m) for m in range(1, 13))
    return [nearest(nearest(share * f["disposable"]) * of_month) for of_month in month_share]
