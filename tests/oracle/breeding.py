"""The `breeding` policy, worked out from its tables."""

from decimal import Decimal
from fractions import Fraction

import loan
import tables
from decision import Product
from rural import MILLION, age, band, date, down, guaranteed, nearest, pledged, ratio, spread, whole_months, within

products = [
    Product("stock-12", [6, 12], 3_000_00, 150_000_00),
    Product("fatten-12", [12], 5_000_00, 150_000_00),
    Product("shed-36", [24, 36], 20_000_00, 300_000_00),
    Product("backed-24", [24], 50_000_00, 300_000_00),
]
fees = {"backed-24": (loan.Fee("up_front", "0.016"),)}
MOST = 300_000_00
ceiling = Decimal("0.24")
step = 500_00
base, odds, pdo = 600, 20, 40
GRADES = [650, 600, 550]
RISKS = ["high", "medium", "low"]


def load(folder):
    global table, scorecard
    table = {path.stem: tables.read(path) for path in (folder / "tables").glob("*.csv")}
    scorecard = tables.Card(folder / "tables/card.csv", start=-170)


def figure(name, output, **inputs):
    return Fraction(tables.look_up(table[name], output, **inputs))


def pledge_ratio(kind):
    return figure("pledge-ratio", "ratio", kind=kind)


def features(a, request, as_of):
    animal = a["animal"]
    living = figure("living", "living", region=a["region"])
    earned = a["sold"] * (a["price"] - a["cost"])
    other = a.get("other_income", 0)
    left = nearest(Fraction(earned, 12)) + other - a["debts"] - max(a["household"], living)
    turns = Fraction(a["sold"], a["stock"])
    least = figure("least-turns", "turns", animal=animal)
    most = figure("most-turns", "turns", animal=animal)
    feed = min(a["sold"] * a["cost"], 50_000_000_00) * figure("feed-share", "share", animal=animal)
    batches = a.get("batches", [])
    first = min([date(b["ready"]) for b in batches], default=as_of)
    losses = a.get("losses")
    died = losses is not None and (ratio(losses, a["sold"] + losses) if losses else 0)
    return {
        "age": band(age(a["birth"], as_of), 0, 18, 25, 55, 65),
        "region": a["region"],
        "zone": a["zone"],
        "animal": animal,
        "scale": tables.look_up(table["scale"], "scale", animal=animal, stock=a["stock"]).strip('"'),
        "in_trade": band(a["in_trade"], 0, 6, 12, 24, 36),
        "repayment": a["repayment"],
        "housing": {None: None, "own": "own", "mortgage": "own"}.get(a.get("housing"), "other"),
        "at_address": band(a.get("at_address"), 0, 36),
        "disposable": down(within(left, 0, 80_000_00), 100_00),
        "debt_ratio": band(
            ratio(a["debts"] * 12, max(earned + other * 12, 1_00)), 0, 200_000, 400_000, 700_000
        ),
        "herd": down(min(a["stock"] * figure("worth", "worth", animal=animal), 300_000_00), 1_000_00),
        "turns_usual": least <= turns <= most,
        "feed_gap": band(spread(a["feed"] * 12, nearest(feed)), 0, 200_000, 400_000) if "feed" in a else None,
        "batch_gap": band(spread(a["stock"], sum(b["head"] for b in batches)), 0, 200_000) if batches else None,
        "first_sale": band(whole_months(as_of, max(first, as_of)), 0, 6) if batches else None,
        "insured": a.get("insured"),
        "vaccinated": a.get("vaccinated"),
        "loss_rate": None if losses is None else band(died, 0, 50_000, 100_000),
        "pledged": pledged(a.get("pledges", []), pledge_ratio, MOST),
        "guaranteed": guaranteed(a, living, MOST),
    }


def shares(f, *names):
    """The card and tables state shares of one; the summary holds millionths."""
    return {name: None if f[name] is None else Decimal(f[name]) / MILLION for name in names}


def fields(f, *names):
    return {name: f[name] for name in names}


def knockouts(f):
    inputs = fields(f, "age", "zone", "repayment") | shares(f, "debt_ratio")
    return tables.outputs(table["knockout"], "reason", **inputs)


def signs(f):
    inputs = fields(f, "turns_usual") | shares(f, "feed_gap", "batch_gap", "loss_rate")
    return len(tables.hits(table["signs"], **inputs))


def reviews(f, request):
    when = {"month": f["as_of"].month}
    found = tables.outputs(table["season-risk"], "risk", **fields(f, "animal", "region"), **when)
    risk = min(found, key=RISKS.index)
    times = tables.outputs(table["least-time"], "least_time", **fields(f, "animal", "scale"))
    least_time = max(tables.number(f'"{time.strip(chr(34))}"') for time in times)
    rules = {
        "ZONE_UNSURE": f["zone"] == "unsure",
        "NEW_TO_IT": f["in_trade"] < least_time,
        "FIGURES_UNCLEAR": signs(f) >= 2,
        "SEASON_UNINSURED": risk == "high" and f["scale"] == "farm" and not f["insured"],
    }
    return [reason for reason, fires in rules.items() if fires]


def card(f):
    return scorecard


def score_inputs(f, amount, term):
    return f | shares(f, "debt_ratio", "feed_gap", "loss_rate")


def grade(score):
    return next(g for g, least in zip("ABCD", GRADES + [score]) if score >= least)


def rate(grade, product, term):
    if product == "backed-24":
        return Decimal(tables.look_up(table["backed-rate"], "rate", grade=grade))
    return Decimal(tables.look_up(table["rate"], "rate", grade=grade, term=term))


def sold(product, f):
    if product == "fatten-12":
        return f["animal"] != "poultry"
    return product == "stock-12" or f["scale"] != "backyard"


def plan(product, term, as_of):
    """Interest alone until the animals are sold."""
    return loan.grace(term, 6) if product == "fatten-12" else loan.level(term)


def discounts(f):
    return [lambda rate: rate - Decimal("0.003")] if f["insured"] else []


def caps(f, grade, product):
    unsecured = int(figure("unsecured", "unsecured", grade=grade, scale=f["scale"]))
    inputs = fields(f, "insured", "vaccinated") | shares(f, "loss_rate")
    good_keeping = sum(int(extra) for extra in tables.outputs(table["good-keeping"], "extra", **inputs))
    backed = 100_000_00 if product == "backed-24" else 0
    return {
        "need": f["herd"],
        "collateral": unsecured + good_keeping + f["pledged"] + f["guaranteed"] + backed,
    }


def monthly(f):
    share = figure("share", "share", signs=signs(f), **shares(f, "feed_gap"))
    return nearest(share * f["disposable"])
