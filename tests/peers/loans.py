"""Hold loans that the crate worked out against numpy-financial.

    python loans.py loans.jsonl

Each line is a loan in minor units and millionths: `principal`, `rate` (nominal,
a year), `payments` and `balances` row by row, and the annual rates `simple` and
`compound` of what is paid. Exits with 1 at the first that differs by more than
whole minor units and millionths explain.
"""

import json
import sys

import numpy as np
import numpy_financial as npf

MILLION = 1_000_000
# The eigenvalues by which `irr` finds its root are slow and lose digits beyond.
LONGEST_IRR = 60


def check(loan):
    """The differences: of the instalment, of a balance as a share of what rounding explains, of a rate."""
    principal, level = loan["principal"], loan["payments"][0]
    monthly, term = loan["rate"] / MILLION / 12, len(loan["payments"])
    # Where a unit a month grows to more than is left at the end, a loan is paid back early.
    payments = np.trim_zeros(loan["payments"], "b")
    months, last = len(payments), payments[-1]
    assert all(payment == level for payment in payments[:-1]), "instalments are level"
    assert last <= level, "the last one is no larger"

    # A whole unit, and half a unit of interest a month, which grows as payments do.
    instalment = abs(level + npf.pmt(monthly, term, principal))
    assert instalment <= 1.5, f"instalment off by {instalment}"

    number = np.arange(1, months)
    exact = -npf.fv(monthly, number, -level, principal)
    grown = npf.fv(monthly, number, -0.5, 0)
    balances = np.array(loan["balances"][: months - 1])
    off = np.abs(balances - exact)
    assert np.all(off <= grown * (1 + 1e-6) + 1e-3), "a balance is off"
    assert loan["balances"][-1] == 0

    # Level payments, and what the last one is short of them at the end.
    rate = npf.rate(months, -level, principal, level - last, guess=monthly, tol=1e-10, maxiter=200)
    simple, compound = 12 * rate, (1 + rate) ** 12 - 1
    wrong = max(abs(simple * MILLION - loan["simple"]), abs(compound * MILLION - loan["compound"]))
    assert wrong <= 0.5 + 1e-3, f"annual rate off by {wrong} millionths"
    if months <= LONGEST_IRR:
        rate = npf.irr([-principal, *payments])
        assert abs(12 * rate * MILLION - loan["simple"]) <= 0.5 + 1e-3, "internal rate of return"
    return instalment, (off / grown).max(initial=0.0), wrong


def main():
    worst, count = (0.0, 0.0, 0.0), 0
    for line in open(sys.argv[1]):
        loan = json.loads(line)
        try:
            worst = tuple(map(max, worst, check(loan)))
        except AssertionError as error:
            sys.exit(f"{error}: {line[:300]}")
        count += 1
    instalment, balance, rate = worst
    print(
        f"{count} loans: as numpy-financial {npf.__version__} has them; an instalment is at most {instalment:.2f} minor "
        f"units apart, a balance {balance:.2f} of what rounding the interest can come to, a rate {rate:.2f} millionths"
    )


main()
