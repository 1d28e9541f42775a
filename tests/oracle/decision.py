"""The order of a decision: rules, score, grade, then per offer price, limit, amount.

A policy hands in what is its own (see instalment.py, german_credit.py):

    features(answers, request, as_of)    what the summary holds
    products                             [Product], in the lender's order
    sold(product, known)                 whether it is looked at; every product if absent
    knockouts(known), reviews(known, request)   the reasons of the rules that fire
    card(known)                          tables.Card
    score_inputs(known, amount, term)    {characteristic: value}
    grade(score), rate(grade, product, term)
    monthly(known)                       what may go to an instalment, or None; or by_month(known),
                                         what may in each month of the year
    plan(product, term, as_of)           a loan.Plan; level instalments if absent
    fees                                 {product: (loan.Fee, …)}, if any
    discounts(known)                     [what is left of a rate, function of it], if any
    ceiling                              the most of an offer's simple annual rate, if any
    caps(known, grade, product)          {name: further upper bound}, in declared order
    step, base, odds, pdo
    declared                             the rules' reasons in order, where the card gives them too

`known` is the features together with `as_of`; for caps, with the offer's `term`, too.
"""

from collections import namedtuple
from decimal import Decimal

import loan
from tables import main_reasons

MOST_REASONS = 4

Product = namedtuple("Product", "id terms minimum maximum")


def decide(policy, answers, request, as_of):
    """The expected outcome of one application, member by member as cases name them."""
    f = policy.features(answers, request, as_of)
    known = f | {"as_of": as_of}
    knockouts, reviews = policy.knockouts(known), policy.reviews(known, request)
    if knockouts:
        reasons = distinct(knockouts + reviews)[:MOST_REASONS]
        return {"eligibility": "not_eligible", "features": f, "reasons": reasons}

    amount, term = request["amount"], request["term"]
    score, losses = policy.card(known).score(policy.score_inputs(known, amount, term))
    sold = getattr(policy, "sold", lambda product, known: True)
    looked_at = [
        offer(policy, known, product, amount, t)
        for product in policy.products
        if sold(product.id, known)
        for t in product.terms
    ]
    offers = [o for o in looked_at if "amount" in o]
    result = {"features": f, "score": score, "grade": policy.grade(score)}
    bad = loan.probability_of_going_bad(score, policy.base, policy.odds, policy.pdo)
    result["probability"] = Decimal(bad).scaleb(-6)
    if offers:
        best = max(offers, key=lambda o: o["limit"])
        result |= {"limit": best["limit"], "binding": best["binding"]}
        result["eligibility"] = "review" if reviews else "eligible"
        first = reviews
    else:
        result["eligibility"] = "not_eligible"
        first = ["LIMIT_TOO_LOW", *reviews]
    first = distinct(first)
    # Among reasons that cost the same, those of rules stand first.
    declared = getattr(policy, "declared", [])
    losses.sort(key=lambda loss: declared.index(loss[1]) if loss[1] in declared else len(declared))
    others = [r for r in main_reasons(losses, len(losses)) if r not in first]
    result["reasons"] = (first + others)[:MOST_REASONS]
    result["offer"] = offers
    result["refused"] = [o for o in looked_at if "reason" in o]
    return result


def distinct(reasons):
    return list(dict.fromkeys(reasons))


def offer(policy, known, product, requested, term):
    """What is offered of a product over one term, or why nothing is."""
    limit, binding = limit_and_binding(policy, known, product, term)
    if limit < product.minimum:
        refusal = {"reason": "below_minimum", "binding": binding}
        return {"product": product.id, "term": term} | refusal
    if requested < product.minimum:
        return {"product": product.id, "term": term, "reason": "asked_too_little"}
    amount = min(requested, limit)
    annual = rate(policy, known, grade_at(policy, known, amount, term), product.id, term)
    plan, fees = terms_of(policy, known, product.id, term)
    rows = loan.schedule(amount, annual, plan)
    payments = loan.paid(amount, annual, plan, fees)
    received = amount - loan.charged(fees, "up_front", amount)
    simple, compound = loan.annual_rates(received, payments)
    ceiling = getattr(policy, "ceiling", None)
    if ceiling is not None and Decimal(simple).scaleb(-6) > ceiling:
        return {"product": product.id, "term": term, "reason": "above_ceiling"}
    return {
        "product": product.id,
        "term": term,
        "annual_rate": annual,
        "amount": amount,
        "limit": limit,
        "binding": binding,
        "received": received,
        "instalment": payments[0],
        "largest_instalment": max(payments),
        "last_instalment": payments[-1],
        "interest": sum(interest for _, interest, _ in rows),
        "total": sum(payments) + amount - received,
        "simple_rate": Decimal(simple).scaleb(-6),
        "compound_rate": Decimal(compound).scaleb(-6),
    }


def rate(policy, known, grade, product, term):
    """The nominal rate less the discounts, one after the other; never below 0."""
    annual = policy.rate(grade, product, term)
    for discount in getattr(policy, "discounts", lambda known: [])(known):
        annual = max(discount(annual), Decimal(0))
    return Decimal(loan.up(annual * 1_000_000)).scaleb(-6)


def terms_of(policy, known, product, term):
    """The plan and the fees."""
    plan = policy.plan(product, term, known["as_of"]) if hasattr(policy, "plan") else loan.level(term)
    return plan, getattr(policy, "fees", {}).get(product, ())


def grade_at(policy, known, amount, term):
    score, _ = policy.card(known).score(policy.score_inputs(known, amount, term))
    return policy.grade(score)


def limit_and_binding(policy, known, product, term):
    """The largest amount on the step grid that fits at its own score, and what stops the next.

    At the product's maximum it is that, whatever else is as low.
    """
    known_bounds = {}

    def bounds(amount):
        """Bounds read the amount through the score only."""
        inputs = tuple(policy.score_inputs(known, amount, term).items())
        if inputs not in known_bounds:
            known_bounds[inputs] = bounds_at(policy, known, product, amount, term)
        return known_bounds[inputs]

    for amount in range(product.maximum, 0, -policy.step):
        if amount <= min(bounds(amount).values()):
            break
    else:
        amount = 0
    if amount + policy.step > product.maximum:
        return amount, "maximum"
    above = bounds(amount + policy.step)
    return amount, min(above, key=above.get)


def earnings(policy, known, term):
    """What may go to instalments up to each of them; None where nothing is asked of it."""
    if hasattr(policy, "by_month"):
        of_month = list(policy.by_month(known))
        return tuple(of_month[loan.month_due(known["as_of"], n) - 1] for n in range(1, term + 1))
    monthly = policy.monthly(known)
    return None if monthly is None else (monthly,) * term


def bounds_at(policy, known, product, amount, term):
    grade = grade_at(policy, known, amount, term)
    bounds = {}
    earned = earnings(policy, known, term)
    if earned is not None:
        annual = rate(policy, known, grade, product.id, term)
        plan, fees = terms_of(policy, known, product.id, term)
        bounds["affordability"] = loan.most_affordable(earned, annual, plan, fees, policy.step)
    bounds |= policy.caps(known | {"term": term}, grade, product.id)
    bounds["maximum"] = product.maximum
    return bounds
