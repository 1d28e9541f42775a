"""The `student` policy, worked out from its tables."""

from decimal import Decimal
from fractions import Fraction

import loan
import tables
from decision import Product
from rural import MILLION, age, band, date, down, months_later, nearest, ratio, whole_months, within

products = [
    Product("free-6", [3, 6], 500_00, 8_000_00),
    Product("course-18", [6, 12, 18], 500_00, 20_000_00),
    Product("rising-18", [12, 18], 1_000_00, 20_000_00),
]
fees = {"free-6": (loan.Fee("by_partner", "0.03"),)}
ceiling = Decimal("0.24")
step = 100_00
base, odds, pdo = 600, 30, 40
GRADES = [650, 605]
REVIEWS = ["PRICE_UNUSUAL", "FAR_AHEAD", "REFUND_UNCLEAR", "FEE_UNGUARDED"]

# What the questions' ranges admit at the least, over the dearest usual price:
# 100 yuan for 48 months over 4 000, for 1 000 lessons over 200.
LEAST_MONTH = ratio(nearest(Fraction(100_00, 48)), 4_000_00)
LEAST_LESSON = ratio(nearest(Fraction(100_00, 1_000)), 200_00)


def load(folder):
    global table, cards
    table = {path.stem: tables.read(path) for path in (folder / "tables").glob("*.csv")}
    cards = {
        "student": tables.Card(folder / "tables/card-student.csv", start=140),
        "adult": tables.Card(folder / "tables/card-adult.csv", start=160),
    }


def figure(name, output, **inputs):
    return Fraction(tables.look_up(table[name], output, **inputs))


def features(a, request, as_of):
    student = a["who"] == "student"
    income = a.get("parent_income", 0) if student else a["income"]
    consent = not student or a["parent_agrees"]
    living = max(a["household"], 1_000_00)
    starts = date(a["starts"])
    over = months_later(starts, a["lasts"])
    usual = figure("usual-month", "price", course=a["course"])
    return {
        "age": band(age(a["birth"], as_of), 0, 18, 20, 22, 45, 60),
        "who": a["who"],
        "refund": a["refund"],
        "price": down(min(a["price"], 20_000_00), 100_00),
        "left": band(within(whole_months(as_of, over), 0, 48) if over > as_of else 0, 0, 3, 6, 9),
        "ends_before": over <= as_of,
        "far_ahead": starts > months_later(as_of, 3),
        "consent": consent,
        "repayment": a["repayment"],
        "disposable": down(within(income - a["debts"] - living, 0, 15_000_00), 100_00),
        "debt_ratio": band(ratio(a["debts"], max(income, 1_00)) if consent else 0, 0, 100_000, 300_000, 500_000),
        "month_price": band(
            ratio(nearest(Fraction(a["price"], a["lasts"])), usual), LEAST_MONTH, 1_000_000, 2_000_000
        ),
        "lesson_price": lesson_price(a),
        "licensed": a.get("licensed"),
        "supervised": a.get("supervised"),
        "studies_left": band(a.get("studies_left"), 0, 6, 24),
        "own_income": band(a.get("own_income"), 0, 500_00),
        "reserve": band(ratio(a["savings"], living), 0, 3_000_000) if a.get("cushion") else None,
    }


def lesson_price(a):
    """What a lesson costs over what it usually does at the most."""
    if not a.get("school"):
        return None
    usual = figure("usual-lesson", "price", course=a["course"])
    return band(ratio(nearest(Fraction(a["price"], a["lessons"])), usual), LEAST_LESSON, 2_000_000)


def parts(f, *names):
    """Cards and tables state shares of one; the summary holds millionths."""
    return {name: None if f[name] is None else Decimal(f[name]) / MILLION for name in names}


def fields(f, *names):
    return {name: f[name] for name in names}


def knockouts(f):
    rules = {
        "TOO_YOUNG": f["age"] < 18,
        "TOO_OLD": f["age"] >= 60,
        "PARENT_NEEDED": not f["consent"],
        "OVERDUE": f["repayment"] == "overdue",
        "OVER_INDEBTED": f["debt_ratio"] >= 500_000,
        "COURSE_OVER": f["ends_before"],
        "NO_LICENCE": f["licensed"] == "no",
    }
    return [reason for reason, fires in rules.items() if fires]


def reviews(f, request):
    inputs = fields(f, "far_ahead", "refund", "left", "supervised")
    listed = tables.outputs(table["doubts"], "reason", **inputs, **parts(f, "month_price", "lesson_price"))
    return sorted(listed, key=REVIEWS.index)


def card(f):
    return cards["student" if f["who"] == "student" else "adult"]


def score_inputs(f, amount, term):
    return f | parts(f, "debt_ratio", "month_price", "reserve")


def grade(score):
    return next(g for g, least in zip("ABC", GRADES + [score]) if score >= least)


def rate(grade, product, term):
    if product == "free-6":
        return Decimal(0)
    return Decimal(tables.look_up(table["rate"], "rate", grade=grade, term=term))


def sold(product, f):
    if product == "rising-18":
        return f["who"] != "student"
    return product == "course-18" or f["refund"] in ("by_lesson", "part")


def plan(product, term, as_of):
    return loan.stepped(term, 6, "0.25") if product == "rising-18" else loan.level(term)


def discounts(f):
    return [lambda rate: rate - Decimal("0.006")] if f["supervised"] == "yes" else []


def caps(f, grade, product):
    longest = figure("longest", "months", left=f["left"])
    part = figure("part", "part", **fields(f, "refund", "supervised"))
    return {
        "course": nearest(f["price"] * part),
        "length": 20_000_00 if f["term"] <= longest else 0,
        "cap": int(figure("most", "most", grade=grade, who=f["who"])),
    }


def monthly(f):
    return nearest(f["disposable"] * Fraction(3, 10))
