"""Level instalments, seasons and annual rates in decimal arithmetic.

Amounts are whole minor units, rates are decimals (0.12 is 12 % a year).
"""

import functools
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, getcontext

getcontext().prec = 60


def up(x):
    return int(x.to_integral_value(ROUND_CEILING))


def down(x):
    return int(x.to_integral_value(ROUND_FLOOR))


def half_up(x):
    """The nearest whole number; for x >= 0."""
    return int(x.to_integral_value(ROUND_HALF_UP))


def millionths(x):
    return half_up(Decimal(x) * 1_000_000)


def formula(amount, annual, term):
    """amount × r / (1 − (1 + r)^−n) at the monthly rate r, rounded up."""
    r = annual / 12
    if r == 0:
        return up(Decimal(amount) / term)
    return up(amount * r / (1 - (1 + r) ** -term))


def rows_at(amount, annual, term, payment, resting=()):
    """Rows of (payment, interest, principal); the last one takes the remainder.

    In those that rest, the interest alone is paid.
    """
    balance, rows = amount, []
    for number in range(1, term + 1):
        interest = half_up(balance * annual / 12)
        principal = 0 if number in resting else min(payment - interest, balance)
        if number == term:
            principal = balance
        rows.append((principal + interest, interest, principal))
        balance -= principal
    assert balance == 0
    return rows


@functools.cache
def schedule(amount, annual, term, resting=()):
    """The rows at the least instalment that the last row does not exceed."""
    def pays(payment):
        return rows_at(amount, annual, term, payment, resting)[-1][0] <= payment

    # What rests pays nothing back, as if the loan were so much shorter.
    payment = formula(amount, annual, term - len([n for n in resting if n < term]))
    while not pays(payment):
        payment += 1
    while pays(payment - 1):
        payment -= 1
    return rows_at(amount, annual, term, payment, resting)


def month_due(as_of, number):
    """The month of the year, 1 to 12, of the instalment of this number."""
    return (as_of.month + number - 1) % 12 + 1


def resting(as_of, term, months):
    """The instalments, but the last, that fall due in these months."""
    return tuple(n for n in range(1, term) if month_due(as_of, n) in months)


def instalment(amount, annual, term):
    """The largest payment of the schedule: the level one."""
    return max(payment for payment, _, _ in schedule(amount, annual, term)) if amount else 0


def annual_rates(amount, payments):
    """(simple, compound) yearly rates of the cash flow, in millionths.

    PBOC announcement [2021] No. 3: simple is 12 × the monthly internal rate
    of return i, compound is (1 + i)^12 − 1.
    """
    low, high = Decimal(0), Decimal(1)
    for _ in range(120):
        i = (low + high) / 2
        worth = Decimal(0)
        for payment in reversed(payments):
            worth = (worth + payment) / (1 + i)
        low, high = (i, high) if worth > amount else (low, i)
    return millionths(12 * low), millionths((1 + low) ** 12 - 1)


@functools.cache
def most_affordable(monthly, annual, term, step):
    """The largest multiple of `step` whose instalment is within `monthly`, by bisection."""
    fits, beyond = 0, max(monthly, 0) * term // step + 1
    while beyond - fits > 1:
        middle = (fits + beyond) // 2
        if instalment(middle * step, annual, term) <= monthly:
            fits = middle
        else:
            beyond = middle
    return fits * step


@functools.cache
def most_affordable_in_season(by_month, as_of, annual, term, step, rests):
    """The largest multiple of `step` that fits, by a scan from above.

    What is paid up to each instalment is no more than what the months up to it
    bring; `by_month` is what each, from January, brings.
    """
    earned = [by_month[month_due(as_of, n) - 1] for n in range(1, term + 1)]
    for amount in range(max(sum(earned), 0) // step * step, 0, -step):
        left = 0
        for (payment, _, _), more in zip(schedule(amount, annual, term, rests), earned):
            left += more - payment
            if left < 0:
                break
        else:
            return amount
    return 0


def probability_of_going_bad(score, base, odds, pdo):
    """1 / (1 + odds × 2^((score − base) / pdo)) in millionths."""
    good_to_bad = odds * Decimal(2) ** (Decimal(score - base) / pdo)
    return millionths(1 / (1 + good_to_bad))
