// The policy `instalment` by hand in JavaScript, for comparison: what a front end without an engine would ship.

import { largestPrincipal, priced, probability } from "./loan.mjs";

/** An applicant who gets offers in every term. */
export const applicant = {
  as_of: "2026-11-22",
  answers: {
    birth: "1990-05-01",
    housing: "rent",
    address_months: 30,
    vehicle: true,
    work: "employee",
    job_months: 40,
    income: 8_350_00,
    household: 2_500_00,
    debts: 500_00,
    repayment: "on_time",
  },
  request: { product: "basket", amount: 2_999_00, term: 12 },
};

const STEP = 100_00;
const MINIMUM = 500_00;
const MAXIMUM = 20_000_00;
const TERMS = [3, 6, 12, 24];
const FREE_TERMS = [3, 6];

const HOUSING = { own: "own", mortgage: "mortgage", rent: "rent", family: "with_others", provided: "with_others" };
const WORK = { employee: "steady", public: "steady", self_employed: "own", farmer: "own", gig: "gig", other: "other" };
const MINIMUM_AGE = { steady: 18, own: 20, gig: 20, other: 22 };
const POINTS = {
  housing: { own: 74, mortgage: 72, rent: 60, with_others: 64 },
  work: { steady: 70, own: 66, gig: 58, other: 56 },
  repayment: { on_time: 78, none: 62, late: 44, overdue: 20 },
};
const RATES = {
  A: [72_000, 84_000, 96_000, 108_000],
  B: [96_000, 108_000, 120_000, 132_000],
  C: [120_000, 132_000, 144_000, 156_000],
  D: [156_000, 168_000, 180_000, 192_000],
  E: [192_000, 198_000, 204_000, 210_000],
};
const CAPS = {
  A: [30_000_00, 18_000_00],
  B: [16_000_00, 12_000_00],
  C: [10_000_00, 8_000_00],
  D: [5_000_00, 4_000_00],
  E: [1_500_00, 1_500_00],
};

const FREE_CAPS = { A: 8_000_00, B: 8_000_00, C: 0, D: 0, E: 0 };

/** The points of the last bin whose lower edge is reached. */
function bin(value, edges, points) {
  let index = 0;
  while (index < edges.length && value >= edges[index]) index += 1;
  return points[index];
}

function years(birth, asOf) {
  const [y, m, d] = birth.split("-").map(Number);
  const [Y, M, D] = asOf.split("-").map(Number);
  return Y - y - (M < m || (M === m && D < d) ? 1 : 0);
}

export function assess({ answers, request, as_of }) {
  const { income, household, debts, repayment, address_months, vehicle, job_months } = answers;
  const age = years(answers.birth, as_of);
  const housing = HOUSING[answers.housing];
  const work = WORK[answers.work];
  const debtRatio = income === 0 ? 1 : debts / income;
  const spending = income === 0 ? 1 : household / income;
  const disposable = Math.floor((income - debts - Math.max(household, 800_00)) / 100_00) * 100_00;

  const declined =
    age < MINIMUM_AGE[work] || age >= 60 || repayment === "overdue" || income < 2_000_00 || debtRatio >= 0.7;
  if (declined) return { eligibility: "not_eligible", offers: [] };
  const review =
    debtRatio >= 0.5 ||
    (spending < 0.1 && housing !== "with_others") ||
    job_months > (age - 14) * 12 ||
    work === "other";

  const score =
    bin(age, [22, 26, 35], [55, 60, 66, 70]) +
    POINTS.housing[housing] +
    (address_months === undefined ? 60 : bin(address_months, [12, 36], [58, 63, 68])) +
    (vehicle ? 66 : 61) +
    POINTS.work[work] +
    bin(job_months, [6, 12, 36, 84], [52, 58, 65, 70, 74]) +
    bin(income, [4_000_00, 7_000_00, 12_000_00], [58, 64, 69, 73]) +
    bin(debtRatio, [0.1, 0.3, 0.5], [72, 66, 57, 46]) +
    POINTS.repayment[repayment];
  const grade = score >= 630 ? "A" : score >= 605 ? "B" : score >= 580 ? "C" : score >= 555 ? "D" : "E";
  const basketCap = CAPS[grade][housing === "own" || housing === "mortgage" ? 0 : 1];

  const offers = [];
  const offer = (term, annual_rate, cap) => {
    const affordable = largestPrincipal(disposable * 0.5, annual_rate, term, STEP);
    const limit = Math.floor(Math.min(affordable, cap, MAXIMUM) / STEP) * STEP;
    if (limit < MINIMUM) return;
    const amount = Math.min(request.amount, limit);
    offers.push({ term, annual_rate, amount, limit, ...priced(amount, annual_rate, term) });
  };
  TERMS.forEach((term, index) => offer(term, RATES[grade][index], basketCap));
  FREE_TERMS.forEach((term) => offer(term, 0, FREE_CAPS[grade]));
  const eligibility = offers.length === 0 ? "not_eligible" : review ? "review" : "eligible";
  return { eligibility, score, probability: probability(score), grade, offers };
}
