"""The order of a decision: rules, score, grade, then per term price, limit, offer.

A policy hands in what is its own (see instalment.py, german_credit.py):

    features(answers, request, as_of)   what the summary holds
    knockouts(f), reviews(f, request)   the reasons of the rules that fire
    card                                tables.Card
    score_inputs(f, amount, term)       {characteristic: value}
    grade(score), rate(grade, term), cap(grade, f)
    monthly(f)                          what may go to an instalment, or None
    terms, minimum, maximum, step, base, odds, pdo
"""

from decimal import Decimal

import loan
from tables import main_reasons

MOST_REASONS = 4


def decide(policy, answers, request, as_of):
    """The expected outcome of one application, member by member as cases name them."""
    f = policy.features(answers, request, as_of)
    knockouts, reviews = policy.knockouts(f), policy.reviews(f, request)
    if knockouts:
        reasons = (knockouts + reviews)[:MOST_REASONS]
        return {"eligibility": "not_eligible", "features": f, "reasons": reasons}

    amount, term = request["amount"], request["term"]
    score, losses = policy.card.score(policy.score_inputs(f, amount, term))
    looked_at = [offer(policy, f, amount, t) for t in policy.terms]
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
    others = [r for r in main_reasons(losses, len(losses)) if r not in first]
    result["reasons"] = (first + others)[:MOST_REASONS]
    result["offer"] = offers
    result["refused"] = [o for o in looked_at if "reason" in o]
    return result


def offer(policy, f, requested, term):
    """What is offered over one term, or why nothing is."""
    limit, binding = limit_and_binding(policy, f, term)
    if limit < policy.minimum:
        refusal = {"reason": "below_minimum", "binding": binding}
        return {"product": policy.product, "term": term} | refusal
    amount = min(requested, limit)
    annual = policy.rate(grade_at(policy, f, amount, term), term)
    rows = loan.schedule(amount, annual, term)
    payments = [payment for payment, _, _ in rows]
    simple, compound = loan.annual_rates(amount, payments)
    return {
        "product": policy.product,
        "term": term,
        "annual_rate": annual,
        "amount": amount,
        "limit": limit,
        "binding": binding,
        "instalment": payments[0],
        "last_instalment": payments[-1],
        "interest": sum(interest for _, interest, _ in rows),
        "total": sum(payments),
        "simple_rate": Decimal(simple).scaleb(-6),
        "compound_rate": Decimal(compound).scaleb(-6),
    }


def grade_at(policy, f, amount, term):
    score, _ = policy.card.score(policy.score_inputs(f, amount, term))
    return policy.grade(score)


def limit_and_binding(policy, f, term):
    """The largest amount on the step grid that fits at its own score, and what stops the next."""
    for amount in range(policy.maximum, 0, -policy.step):
        bounds = bounds_at(policy, f, amount, term)
        if amount <= min(bounds.values()):
            break
    else:
        amount = 0
    above = bounds_at(policy, f, amount + policy.step, term)
    return amount, min(above, key=above.get)


def bounds_at(policy, f, amount, term):
    grade = grade_at(policy, f, amount, term)
    bounds = {}
    if policy.monthly(f) is not None:
        bounds["affordability"] = loan.most_affordable(
            policy.monthly(f), policy.rate(grade, term), term, policy.step
        )
    bounds["cap"] = policy.cap(grade, f)
    bounds["maximum"] = policy.maximum
    return bounds
