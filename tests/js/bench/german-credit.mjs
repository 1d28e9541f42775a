// The policy `german-credit` by hand in JavaScript, for comparison: what a front end without an engine would ship.

import { priced, probability } from "./loan.mjs";

/** An applicant who gets offers in every term. */
export const applicant = {
  as_of: "2026-11-22",
  answers: {
    age: 34,
    housing: "own",
    property: "real_estate",
    employment: "from_7",
    checking: "none",
    savings: "from_500",
    history: "paid_so_far",
    purpose: "radio_tv",
    instalment_rate: 2,
    other_plans: "none",
    guarantors: "none",
  },
  request: { product: "loan", amount: 2_000_00, term: 9 },
};

const STEP = 50_00;
const MINIMUM = 250_00;
const MAXIMUM = 20_000_00;
const LARGE = 4_000_00;
const TERMS = [
  4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 21, 22, 24, 26, 27, 28, 30, 33, 36, 39, 40, 42, 45, 47, 48, 54,
  60, 72,
];

const POINTS = {
  checking: { none: 68, from_200: 49, below_200: 30, overdrawn: 20 },
  history: { critical: 53, paid_so_far: 38, past_delay: 38, none_taken: 18, paid_here: 18 },
  purpose: {
    car_used: 61,
    retraining: 61,
    radio_tv: 51,
    furniture: 37,
    appliances: 37,
    car_new: 30,
    repairs: 30,
    education: 30,
    business: 30,
    other: 30,
    vacation: 30,
  },
  savings: { from_500: 57, from_1000: 57, below_100: 34, from_100: 34 },
  employment: { from_7: 45, from_4: 45, from_1: 39, below_1: 31, unemployed: 31 },
  guarantors: { guarantor: 56, none: 39, co_applicant: 39 },
  property: { real_estate: 44, savings_plan: 39, car_or_other: 39, none: 34 },
  other_plans: { none: 42, stores: 30, bank: 30 },
  housing: { own: 42, rent: 34, free: 34 },
};
const CAPS = { A: 25_000_00, B: 15_000_00, C: 8_000_00, D: 4_000_00, E: 0 };
const RATES = {
  A: [79_000, 85_000],
  B: [89_000, 96_000],
  C: [105_000, 113_000],
  D: [129_000, 138_000],
  E: [155_000, 165_000],
};

function scored(answers, amount, term) {
  let score = POINTS.savings[answers.savings] ?? 40;
  for (const name of Object.keys(POINTS)) {
    if (name !== "savings") score += POINTS[name][answers[name]];
  }
  score += answers.age < 26 ? 28 : answers.age < 35 ? 38 : 46;
  score += answers.instalment_rate < 4 ? 45 : 34;
  score += amount < LARGE ? 43 : 30;
  score += term < 9 ? 65 : term < 18 ? 46 : term < 36 ? 37 : term < 48 ? 28 : 17;
  const grade = score >= 560 ? "A" : score >= 530 ? "B" : score >= 510 ? "C" : score >= 480 ? "D" : "E";
  return { score, grade };
}

export function assess({ answers, request }) {
  const declined =
    answers.age < 18 ||
    (answers.employment === "unemployed" && answers.property === "none" && answers.guarantors !== "guarantor");
  if (declined) return { eligibility: "not_eligible", offers: [] };
  const review =
    (answers.checking === "overdrawn" && answers.history === "past_delay") ||
    (request.amount >= 10_000_00 && request.term >= 48);

  const offers = [];
  for (const term of TERMS) {
    // A large amount costs points, so the limit is looked for above the edge first, then below it.
    let limit = Math.min(CAPS[scored(answers, LARGE, term).grade], MAXIMUM);
    if (limit < LARGE) limit = Math.min(CAPS[scored(answers, 0, term).grade], LARGE - STEP);
    limit = Math.floor(limit / STEP) * STEP;
    if (limit < MINIMUM) continue;
    const amount = Math.min(request.amount, limit);
    const annual_rate = RATES[scored(answers, amount, term).grade][term < 24 ? 0 : 1];
    offers.push({ term, annual_rate, amount, limit, ...priced(amount, annual_rate, term) });
  }
  const { score, grade } = scored(answers, request.amount, request.term);
  const eligibility = offers.length === 0 ? "not_eligible" : review ? "review" : "eligible";
  return { eligibility, score, probability: probability(score), grade, offers };
}
