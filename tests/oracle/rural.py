"""What the policies for rural trades have in common, in exact fractions.

Answers are whole numbers: minor units of money, millionths of ratios and
measured quantities, months of periods; a list is a list of entries.
"""

import datetime
from fractions import Fraction
from math import floor

MILLION = 1_000_000


def nearest(x):
    """The nearest whole number, halves up."""
    return floor(Fraction(x) + Fraction(1, 2))


def millionths(x):
    return nearest(Fraction(x) * MILLION)


def down(x, step):
    """The largest multiple of a step that is not above x."""
    return floor(Fraction(x, step)) * step


def band(value, lowest, *edges):
    """The low end of the band that a value falls in; a missing one stays missing."""
    if value is None:
        return None
    return max([edge for edge in edges if edge <= value], default=lowest)


def date(text):
    return datetime.date.fromisoformat(text)


def age(birth, day):
    """Whole years from one day to another."""
    birth = date(birth) if isinstance(birth, str) else birth
    had_birthday = (day.month, day.day) >= (birth.month, birth.day)
    return day.year - birth.year - (0 if had_birthday else 1)


def months_later(day, months):
    """The day so many months on; the month's last where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return datetime.date(day.year + years, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError(day)


def whole_months(start, end):
    """Whole months from a day to a later one."""
    count = (end.year - start.year) * 12 + end.month - start.month
    return count if months_later(start, count) <= end else count - 1


def spread(*figures):
    """The largest less the smallest, over the largest, in millionths."""
    high, low = max(figures), min(figures)
    return millionths(Fraction(high - low) / high) if high else 0


def overstated(declared, *inferred):
    """What of a turnover its lowest inference does not bear out, in millionths of it."""
    return millionths(Fraction(max(declared - min(inferred), 0)) / declared) if declared else 0


def ratio(part, whole):
    """A quotient in millionths."""
    return millionths(Fraction(part) / whole)


def within(x, low, high):
    """The nearest figure from low to high."""
    return max(low, min(x, high))


def pledged(pledges, lent, most):
    """What is lent on pledges: `lent` is the part for each kind; what is owed comes off."""
    worth = [
        max(nearest(Fraction(p["value"]) * lent(p["kind"])) - p.get("owed", 0), 0) for p in pledges
    ]
    return down(min(sum(worth), most), 1_000_00)


def guaranteed(a, living, most):
    """A year of what the guarantor has left over."""
    free = a.get("guarantor_income", 0) - a.get("guarantor_debts", 0) - living
    return down(within(free * 12, 0, most), 1_000_00)
