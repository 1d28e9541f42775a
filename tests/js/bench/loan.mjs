// Loans by hand, as a front-end developer would write them: amounts in minor units, rates in millionths.

const MILLION = 1_000_000;

function power(base, exponent) {
  let result = 1;
  for (let square = base, left = exponent; left > 0; left >>= 1, square *= square) {
    if (left & 1) result *= square;
  }
  return result;
}

function factor(annualRate, months) {
  const monthly = annualRate / MILLION / 12;
  const grown = power(1 + monthly, months);
  return (monthly * grown) / (grown - 1);
}

/** The largest multiple of `step` whose level instalment is at most `capacity`. */
export function largestPrincipal(capacity, annualRate, months, step) {
  const perUnit = factor(annualRate, months);
  let principal = Math.max(0, Math.floor(capacity / perUnit / step) * step);
  while (Math.ceil((principal + step) * perUnit) <= capacity) principal += step;
  while (principal > 0 && Math.ceil(principal * perUnit) > capacity) principal -= step;
  return principal;
}

/** What a loan with equal instalments costs. */
export function priced(principal, annualRate, months) {
  const level = Math.ceil(principal * factor(annualRate, months));
  const payments = [];
  let balance = principal;
  let interest = 0;
  for (let month = 1; month <= months; month += 1) {
    const charged = Math.floor((balance * annualRate) / (12 * MILLION) + 0.5);
    const paid = month === months ? balance : Math.min(level - charged, balance);
    payments.push(paid + charged);
    interest += charged;
    balance -= paid;
  }
  const monthly = internalRate(principal, payments);
  return {
    instalment: payments[0],
    last_instalment: payments[months - 1],
    interest,
    total: principal + interest,
    simple_rate: Math.floor(monthly * 12 * MILLION + 0.5),
    compound_rate: Math.floor((power(1 + monthly, 12) - 1) * MILLION + 0.5),
  };
}

/** The monthly rate at which the payments are worth the principal, by Newton's method. */
function internalRate(principal, payments) {
  let rate = 0;
  for (let round = 0; round < 64; round += 1) {
    const discount = 1 / (1 + rate);
    let power = 1;
    let worth = 0;
    let slope = 0;
    for (let month = 0; month < payments.length; month += 1) {
      power *= discount;
      worth += payments[month] * power;
      slope += (month + 1) * payments[month] * power;
    }
    const step = (worth - principal) / (slope * discount);
    if (!(step > rate * Number.EPSILON)) break;
    rate += step;
  }
  return rate;
}

/** The probability of going bad at base 600, odds 50 and 20 points to double them, in millionths. */
export function probability(score) {
  return Math.floor(MILLION / (1 + 50 * 2 ** ((score - 600) / 20)) + 0.5);
}
