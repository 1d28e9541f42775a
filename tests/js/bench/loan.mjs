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
  if (annualRate === 0) return 1 / months;
  const monthly = annualRate / MILLION / 12;
  const grown = power(1 + monthly, months);
  return (monthly * grown) / (grown - 1);
}

/** The largest multiple of `step` whose instalments are at most `capacity`. */
export function largestPrincipal(capacity, annualRate, months, step) {
  const perUnit = factor(annualRate, months);
  const fits = (principal) =>
    Math.ceil(principal * perUnit) <= capacity && rows(principal, annualRate, months, capacity).at(-1).payment <= capacity;
  let principal = Math.max(0, Math.floor(capacity / perUnit / step) * step);
  while (fits(principal + step)) principal += step;
  while (principal > 0 && !fits(principal)) principal -= step;
  return principal;
}

/** The rows at a level instalment; the last one takes the remainder. */
function rows(principal, annualRate, months, level) {
  const made = [];
  let balance = principal;
  for (let month = 1; month <= months; month += 1) {
    const charged = Math.floor((balance * annualRate) / (12 * MILLION) + 0.5);
    const paid = month === months ? balance : Math.min(level - charged, balance);
    made.push({ payment: paid + charged, charged });
    balance -= paid;
  }
  return made;
}

/** What a loan costs at the least level instalment that its last row does not exceed. */
export function priced(principal, annualRate, months) {
  // Interest is rounded, so that one unit less than the formula's may do, or one more be needed.
  let level = Math.ceil(principal * factor(annualRate, months)) - 1;
  let schedule = rows(principal, annualRate, months, level);
  while (schedule.at(-1).payment > level) {
    level += 1;
    schedule = rows(principal, annualRate, months, level);
  }
  const payments = schedule.map(({ payment }) => payment);
  const interest = schedule.reduce((sum, { charged }) => sum + charged, 0);
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
