"""Work out the policies' cases without the engine and hold them against what they expect.

    python3 tests/oracle/worked_cases.py            # exit code 1 on a disagreement
    python3 tests/oracle/worked_cases.py --print    # and print what was worked out

Needs Python 3.11 and nothing else. Everything is computed anew from the CSV
tables of the policies with `decimal` and `fractions`; the formulas and rules
of each policy are written out by hand in the module of its name.
"""

import datetime
import pathlib
import sys
import tomllib
from decimal import Decimal
from functools import partial

import breeding
import early_warning
import german_credit
import instalment
import manufacturer
import merchant
import planting
import processing
import renewal
import student
import wage_earner
from decision import decide

ROOT = pathlib.Path(__file__).resolve().parents[2]
POLICIES = {
    "breeding": breeding,
    "early-warning": early_warning,
    "german-credit": german_credit,
    "instalment": instalment,
    "manufacturer": manufacturer,
    "merchant": merchant,
    "planting": planting,
    "processing": processing,
    "renewal": renewal,
    "student": student,
    "wage-earner": wage_earner,
}


def work_out(policy, case):
    as_of = datetime.date.fromisoformat(case["as_of"])
    answers = case["answers"] | case.get("supplied", {})
    # A running loan is offered nothing: its alerts are worked out another way.
    work = getattr(policy, "decide", partial(decide, policy))
    outcome = work(answers, case["request"], as_of)
    outcome["features"] = {
        name: "missing" if value is None else value for name, value in outcome["features"].items()
    }
    return outcome


def disagreements(expected, outcome):
    """(member, expected, worked out) wherever the two differ."""
    for member, value in expected.items():
        if member == "features":
            found = {name: outcome["features"].get(name) for name in value}
            if value != found:
                yield member, value, found
        elif member in ("offer", "refused"):
            for wanted in value:
                found = same_terms(wanted, outcome.get(member, []))
                for name, figure in wanted.items():
                    if found.get(name) != figure:
                        yield f"{member} over {wanted['term']}: {name}", figure, found.get(name)
        elif outcome.get(member) != value:
            yield member, value, outcome.get(member)


def same_terms(wanted, offers):
    key = (wanted["product"], wanted["term"])
    return next((o for o in offers if (o["product"], o["term"]) == key), {})


def main():
    printing = "--print" in sys.argv[1:]
    cases = failures = 0
    for name, policy in POLICIES.items():
        policy.load(ROOT / "policies" / name)
        for path in sorted((ROOT / "policies" / name / "cases").glob("*.toml")):
            case = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
            outcome = work_out(policy, case)
            cases += 1
            if printing:
                print(f"\n{path.relative_to(ROOT)}: {case['name']}")
                for member, value in outcome.items():
                    print(f"  {member} = {value}")
            for member, expected, found in disagreements(case["expect"], outcome):
                failures += 1
                print(f"{path.relative_to(ROOT)}: {member}: expected {expected}, worked out {found}")
    print(f"{cases} cases worked out, {failures} disagreements")
    sys.exit(1 if failures or not cases else 0)


if __name__ == "__main__":
    main()
