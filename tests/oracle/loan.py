"""Plans, fees and annual rates in decimal arithmetic.

Amounts are whole minor units, rates are decimals (0.12 is 12 % a year).
"""

import functools
from collections import namedtuple
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


INTEREST_ONLY = None

# How a loan is paid back: for each instalment its part of the level one, or
# INTEREST_ONLY; the share of the principal that is left to the last one; and
# whether it is the principal whose parts are level.
Plan = namedtuple("Plan", "parts balloon level_principal", defaults=(0, False))


def level(term):
    return Plan((1,) * term)


def equal_principal(term):
    return Plan((1,) * term, level_principal=True)


def balloon(term, share):
    return Plan((1,) * term, Decimal(share))


def grace(term, interest_only):
    return Plan((INTEREST_ONLY,) * interest_only + (1,) * (term - interest_only))


def stepped(term, every, by):
    return Plan(tuple((1 + Decimal(by)) ** (number // every) for number in range(term)))


def seasonal(term, as_of, months):
    """Interest alone where it falls due in these months, but for the last instalment."""
    rests = [month_due(as_of, number) in months for number in range(1, term)]
    return Plan(tuple(INTEREST_ONLY if rest else 1 for rest in rests) + (1,))


# A cost beside the interest: a share of what is asked for and an amount.
Fee = namedtuple("Fee", "charged share fixed", defaults=(0,))


def charged(fees, when, amount):
    """What the fees that are charged so come to."""
    return sum(
        half_up(amount * Decimal(fee.share)) + fee.fixed for fee in fees if fee.charged == when
    )


def formula(amount, annual, plan):
    """The level instalment, from what all instalments are worth today.

    One of interest alone leaves the debt as it was, as if there were no such
    month.
    """
    discount = 1 / (1 + annual / 12)
    worth, factor = Decimal(0), Decimal(1)
    for part in plan.parts:
        if part is not INTEREST_ONLY:
            factor *= discount
            worth += part * factor
    return up(amount * (1 - plan.balloon * factor) / worth)


def rows_at(amount, annual, plan, measure):
    """Rows of (payment, interest, principal); the last one takes the remainder."""
    balance, rows = amount, []
    for number, part in enumerate(plan.parts, 1):
        interest = half_up(balance * annual / 12)
        if number == len(plan.parts):
            principal = balance
        elif part is INTEREST_ONLY:
            principal = 0
        elif plan.level_principal:
            principal = min(measure, balance)
        else:
            principal = min(max(up(measure * Decimal(part)) - interest, 0), balance)
        rows.append((principal + interest, interest, principal))
        balance -= principal
    assert balance == 0
    return rows


@functools.cache
def schedule(amount, annual, plan):
    """The rows at the least instalment that the last row does not exceed."""
    if plan.level_principal:
        return rows_at(amount, annual, plan, up(Decimal(amount) / len(plan.parts)))
    left = half_up(amount * Decimal(plan.balloon))

    def pays(payment):
        last, _, _ = rows_at(amount, annual, plan, payment)[-1]
        return last <= up(payment * Decimal(plan.parts[-1])) + left

    payment = formula(amount, annual, plan)
    while not pays(payment):
        payment += 1
    while pays(payment - 1):
        payment -= 1
    return rows_at(amount, annual, plan, payment)


def paid(amount, annual, plan, fees):
    """What is paid with each instalment, fees with it."""
    each = charged(fees, "each_instalment", amount)
    return [payment + each for payment, _, _ in schedule(amount, annual, plan)]


def month_due(as_of, number):
    """The month of the year, 1 to 12, of the instalment of this number."""
    return (as_of.month + number - 1) % 12 + 1


@functools.cache
def most_affordable(earned, annual, plan, fees, step):
    """The largest multiple of `step` that fits, by bisection.

    What is paid up to each instalment is no more than what the months up to it
    bring; `earned` is what each brings. A step is worth far more than what is
    rounded, so that what is beyond a loan that does not fit does not fit.
    """
    fits, beyond = 0, max(sum(earned), 0) // step + 1
    while beyond - fits > 1:
        middle = (fits + beyond) // 2
        left = [0]
        for payment, more in zip(paid(middle * step, annual, plan, fees), earned):
            left.append(left[-1] + more - payment)
        if min(left) >= 0:
            fits = middle
        else:
            beyond = middle
    return fits * step


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


def probability_of_going_bad(score, base, odds, pdo):
    """1 / (1 + odds × 2^((score − base) / pdo)) in millionths."""
    good_to_bad = odds * Decimal(2) ** (Decimal(score - base) / pdo)
    return millionths(1 / (1 + good_to_bad))
