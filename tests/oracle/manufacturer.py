"""The `manufacturer` policy, worked out from its tables."""

from decimal import Decimal
from fractions import Fraction

import loan
import tables
from decision import Product
from rural import MILLION, age, band, date, down, months_later, nearest, overstated, ratio, spread, within

products = [
    Product("working-12", [3, 6, 12], 10_000_00, 500_000_00),
    Product("machine-36", [24, 36], 20_000_00, 1_000_000_00),
]
ceiling = Decimal("0.24")
step = 1_000_00
base, odds, pdo = 600, 20, 40
# The least that can be answered: 100 yuan by 301 pairs of hands, where 45 000 each are usual.
LEAST_OUTPUT = 7
GRADES = [660, 610, 550]
REVIEWS = ["SALES_UNCLEAR", "POWER_UNCLEAR", "OUTPUT_UNUSUAL", "MARGIN_UNCLEAR", "MARGIN_UNUSUAL",
           "WAGES_UNCLEAR", "WEAR_HIGH", "CAPITAL_TIED", "NEW_WORKS"]


def load(folder):
    global table, scorecard
    table = {path.stem: tables.read(path) for path in (folder / "tables").glob("*.csv")}
    scorecard = tables.Card(folder / "tables/card.csv", start=-395)


def figure(name, output, **inputs):
    return Fraction(tables.look_up(table[name], output, **inputs))


def features(a, request, as_of):
    region, sector, sales = a["region"], a["sector"], a["sales"]
    living = figure("living", "living", region=region)
    each = nearest(Fraction(sales, a["workers"] + 1))
    margin = MILLION - ratio(a["materials"], sales)
    least = figure("least-margin", "margin", sector=sector) * MILLION
    most = figure("most-margin", "margin", sector=sector) * MILLION
    least_wages = figure("least-wage", "wage", region=region) * a["workers"]
    usual_power = sales * figure("usual-power", "share", sector=sector)
    profit_share, profit = margin_after_wear(a)
    earned = profit + a.get("other_income", 0)
    left_over = earned - a["debts"] - max(a["household"], living)
    machines, owed = a.get("machines", []), [r["owed"] for r in a.get("receivables", [])]
    tied_up = ratio(sum(owed) + a.get("raw", 0) + a.get("finished", 0), sales)
    paid = sum(m["price"] for m in machines)
    return {
        "age": band(age(a["birth"], as_of), 0, 18, 25, 55, 65),
        "in_trade": band(a["in_trade"], 0, 6, 12, 36, 96),
        "sector": sector,
        "repayment": a["repayment"],
        "housing": {None: None, "own": "own", "mortgage": "own"}.get(a.get("housing"), "other"),
        "output_level": band(ratio(each, figure("usual-output", "output", sector=sector, region=region)),
                             LEAST_OUTPUT, 400_000, 700_000, 1_600_000, 2_500_000),
        "inflow_gap": band(overstated(sales, a["inflow"]), 0, 100_000, 200_000) if "inflow" in a else None,
        "power_strain": band(ratio(Fraction(spread(a["power"], usual_power), MILLION), tolerance(region, as_of)),
                             0, 500_000, MILLION) if "power" in a else None,
        "margin_usual": least <= margin <= most,
        "margin_gap": band(margin_gap(a), 0, 50_000, 100_000),
        "wages_fit": a["wages"] >= least_wages,
        "wear_level": band(wear_level(a), 0, 2 * MILLION),
        "worn": band(ratio(sum(m["price"] * lost(m) for m in machines), paid), 0, 400_000, 700_000)
        if machines else None,
        "profit_share": band(profit_share, -MILLION, 0, 50_000, 150_000),
        "disposable": down(within(left_over, 0, 430_000_00), 100_00),
        "debt_ratio": band(ratio(a["debts"], max(earned, 1_00)), 0, 200_000, 400_000, 700_000),
        "running": down(min(a["materials"] + a["wages"], 250_000_00), 1_000_00),
        "ordered": down(min(sum(to_come(o, as_of) for o in a.get("orders", [])), 500_000_00), 1_000_00),
        "tied_up": band(tied_up, 0, 6 * MILLION) if a.get("outstanding") or a.get("store") else None,
        "largest_buyer": band(ratio(max(owed), sum(owed)), 0, 500_000) if owed else None,
        "site_safe": a["site_held"] == "own" or a["lease_left"] >= 36 if "site_held" in a else None,
        "pledged": down(min(pledged(a, living), 1_000_000_00), 1_000_00),
        "turning_over": down(min(turning_over(a), 500_000_00), 1_000_00),
    }


def tolerance(region, as_of):
    return figure("power-tolerance", "tolerance", region=region, month=as_of.month)


def margin_gap(a):
    """How far the margin of the whole lies above that of the articles."""
    if "articles" not in a:
        return None
    materials, worth = (sum(x[name] * x["pieces"] for x in a["articles"]) for name in ("materials", "price"))
    return max(ratio(materials, max(worth, 100_00)) - ratio(a["materials"], a["sales"]), 0)


def yearly_loss(machine):
    return figure("yearly-loss", "loss", kind=machine["kind"])


def lost(machine):
    """The part of its price that a machine has lost: at most 19 twentieths."""
    return min(Fraction(machine["age"], 12) * yearly_loss(machine), Fraction(19, 20))


def usual_wear(a):
    return figure("usual-wear", "share", sector=a["sector"])


def wear_level(a):
    """A month's wear of the machines over the sector's usual one, in millionths."""
    if "machines" not in a:
        return None
    losing = [m for m in a["machines"] if lost(m) < Fraction(19, 20)]
    wear = sum(nearest(Fraction(nearest(m["price"] * yearly_loss(m)), 12)) for m in losing)
    return ratio(wear, nearest(a["sales"] * usual_wear(a)))


def margin_after_wear(a):
    """(profit over sales in millionths, profit): less wear than usual relieves, twice as much burdens."""
    level = wear_level(a)
    if level is None or MILLION < level < 2 * MILLION:
        level = MILLION
    spent = ratio(a["materials"] + a["wages"] + a["costs"], a["sales"])
    share = max(MILLION - spent - nearest(usual_wear(a) * level), -MILLION)
    return share, nearest(Fraction(a["sales"] * share, MILLION))


def to_come(order, as_of):
    """What is lent on what an order still brings."""
    if not as_of <= date(order["due"]) <= months_later(as_of, 12):
        return 0
    part = figure("order-ratio", "ratio", buyer=order["buyer"])
    return nearest(max(order["worth"] - order["deposit"], 0) * part)


def pledged(a, living):
    """What is lent on machines, premises and a guarantor; what is owed comes off."""
    total = 0
    for m in a.get("machines", []):
        part = figure("machine-ratio", "ratio", kind=m["kind"])
        total += max(nearest(m["price"] * (1 - lost(m)) * part) - m["owed"], 0)
    for p in a.get("premises", []):
        part = figure("premises-ratio", "ratio", kind=p["kind"])
        total += max(nearest(p["value"] * part) - p["owed"], 0)
    if a.get("guarantor"):
        total += 12 * max(a["guarantor_income"] - a["guarantor_debts"] - living, 0)
    return int(total)


def turning_over(a):
    """What is lent on what customers owe and on stock."""
    total = 0
    for r in a.get("receivables", []):
        total += nearest(r["owed"] * figure("receivable-ratio", "ratio", buyer=r["buyer"], age=r["age"]))
    for goods in ("raw", "finished"):
        total += nearest(a.get(goods, 0) * figure(f"{goods}-ratio", "ratio", sector=a["sector"]))
    return total


def shares(f, *names):
    """The card and tables state shares of one; the summary holds millionths."""
    return {name: None if f[name] is None else Decimal(f[name]) / MILLION for name in names}


def fields(f, *names):
    return {name: f[name] for name in names}


def knockouts(f):
    rules = {
        "TOO_YOUNG": f["age"] < 18,
        "TOO_OLD": f["age"] >= 65,
        "OVERDUE": f["repayment"] == "overdue",
        "NO_PROFIT": f["profit_share"] < 0,
        "OVER_INDEBTED": f["debt_ratio"] >= 700_000,
    }
    return [reason for reason, fires in rules.items() if fires]


def reviews(f, request):
    inputs = fields(f, "margin_usual", "wages_fit", "in_trade") | shares(
        f, "output_level", "power_strain", "inflow_gap", "margin_gap", "wear_level", "tied_up"
    )
    return sorted(tables.outputs(table["review"], "reason", **inputs), key=REVIEWS.index)


def card(f):
    return scorecard


def score_inputs(f, amount, term):
    return f | shares(
        f, "debt_ratio", "profit_share", "output_level", "margin_gap",
        "power_strain", "inflow_gap", "worn", "largest_buyer",
    )


def grade(score):
    return next(g for g, least in zip("ABCD", GRADES + [score]) if score >= least)


def rate(grade, product, term):
    return Decimal(tables.look_up(table["rate"], "rate", grade=grade, term=term))


def sold(product, f):
    return product == "working-12" or f["in_trade"] >= 12


def plan(product, term, as_of):
    return loan.equal_principal(term) if product == "machine-36" else loan.level(term)


def caps(f, grade, product):
    machine = product == "machine-36"
    months = int(figure("cycle", "months", sector=f["sector"], month=f["as_of"].month))
    unsecured = int(figure("unsecured", "unsecured", grade=grade, sector=f["sector"]))
    inputs = fields(f, "in_trade") | shares(f, "output_level")
    ceilings = tables.outputs(table["ceiling"], "ceiling", grade=grade, **inputs)
    return {
        "need": f["running"] * 8 if machine else max(f["running"] * months, f["ordered"]),
        "collateral": unsecured + f["pledged"] + (0 if machine else f["turning_over"]),
        "ceiling": min(int(ceiling) for ceiling in ceilings),
    }


def monthly(f):
    """The share that the first row that fits allows."""
    share = tables.outputs(table["share"], "share", **shares(f, "power_strain", "inflow_gap"))[0]
    return nearest(Fraction(share) * f["disposable"])
