"""The `early-warning` policy: alerts on a running loan, worked out from its tables."""

import datetime
import math
from decimal import Decimal, getcontext
from fractions import Fraction

import tables
from instalment import band
from loan import millionths
from rural import whole_months

getcontext().prec = 60

TRADES = ["planting", "breeding", "processing", "shop", "workshop", "wages"]
MONTHS_OF_TWENTY_YEARS = 240


def load(folder):
    global arrears, hazards, least_cover
    arrears = tables.read(folder / "tables/arrears.csv")
    hazards = tables.read(folder / "tables/hazards.csv")
    least_cover = tables.read(folder / "tables/least-cover.csv")


def variation(values):
    """The standard deviation of a population over its mean, in millionths, rounded down."""
    total = sum(values)
    if total == 0:
        return 0
    mean = Fraction(total, len(values))
    variance = sum((value - mean) ** 2 for value in values) / len(values)
    squared = variance / mean**2 * 10**12
    return math.isqrt(squared.numerator // squared.denominator)


def figures(a, as_of):
    flows = [a[f"inflow_{n}"] for n in range(1, 7)]
    recent, before = sum(flows[:3]), sum(flows[3:])
    trend = millionths(Decimal(recent) / before) if before else 1_000_000
    # Money is in whole minor units, halves up, before it is divided further.
    mean = (2 * recent + 3) // 6
    contact = a.get("last_contact")
    silent = MONTHS_OF_TWENTY_YEARS
    if contact is not None:
        contact = datetime.date.fromisoformat(contact)
        silent = min(whole_months(contact, as_of), silent) if contact <= as_of else 0
    return {
        "inflow_trend": min(trend, 10_000_000),
        "cover": min(millionths(Decimal(mean) / a["instalment"]), 100_000_000),
        "unsteadiness": variation(flows),
        "silent": silent,
    }


def decide(a, request, as_of):
    """The expected outcome, member by member as cases name them."""
    f = figures(a, as_of)
    place = {"trade": a["trade"], "region": a["region"], "month": as_of.month}
    perils = tables.outputs(hazards, "hazard", **place)
    least = Decimal(tables.look_up(least_cover, "cover", trade=a["trade"], month=as_of.month))
    thin = Decimal(f["cover"]) / 1_000_000 < least
    days, late = a["days_late"], a["late_last_year"]
    in_arrears = tables.outputs(arrears, "reason", days_late=days, late_last_year=late)
    alerts = {
        "stop": {
            "TWO_MONTHS_LATE": "TWO_MONTHS_LATE" in in_arrears,
            "LATE_AGAIN": "LATE_AGAIN" in in_arrears,
            "INFLOW_DRIED_UP": f["inflow_trend"] < 200_000 and thin,
        },
        "warn": {
            "LATE": 10 <= days < 60,
            "INFLOW_THIN": thin,
            "NEW_DEBTS": a.get("enquiries", 0) >= 4,
            "SEASON_UNINSURED": len(perils) >= 2 and not a["insured"],
        },
        "watch": {
            "SOME_DAYS_LATE": 1 <= days < 10,
            "OFTEN_LATE": late >= 3,
            "INFLOW_FALLING": f["inflow_trend"] < 600_000,
            "INFLOW_UNSTEADY": f["unsteadiness"] >= 800_000,
            "SEASON": len(perils) >= 1,
            "NO_CONTACT": f["silent"] >= 9,
        },
    }
    reasons = [r for rules in alerts.values() for r, fires in rules.items() if fires]
    fired = [level for level, rules in alerts.items() if any(rules.values())]
    alert = fired[0] if fired else "none"
    eligibility = {"stop": "not_eligible", "warn": "review"}.get(alert, "eligible")
    features = {
        "days_late": band(days, 0, 1, 10, 30, 60),
        "late_last_year": band(late, 0, 3, 4),
        "inflow_trend": band(f["inflow_trend"], 0, 200_000, 600_000),
        "unsteadiness": band(f["unsteadiness"], 0, 800_000),
        "enquiries": None if "enquiries" not in a else band(a["enquiries"], 0, 4),
        "silent": band(f["silent"], 0, 9),
        "insured": a["insured"],
    }
    return {"eligibility": eligibility, "alert": alert, "reasons": reasons[:4], "features": features}
