//! The policy `instalment` by hand in Rust: what a back end without an engine
//! would write, with the same card, rules, tables and loans.

use prequal::loan::{
    Capacity, Frequency, Leeway, LoanTerms, Schedule, annual_rate, largest_principal,
};
use prequal::{Date, Eligibility, LARGEST, Money, Ratio};

/// What is asked, in the policy's order of questions; options by their index.
pub(crate) struct Answers {
    pub(crate) birth: Date,
    pub(crate) housing: usize,
    pub(crate) address_months: Option<i64>,
    pub(crate) vehicle: Option<bool>,
    pub(crate) work: usize,
    pub(crate) job_months: i64,
    pub(crate) income: i64,
    pub(crate) household: i64,
    pub(crate) debts: i64,
    pub(crate) repayment: usize,
}

/// What is decided, as far as it can be compared.
#[derive(Debug, PartialEq)]
pub(crate) struct Decision {
    pub(crate) eligibility: Eligibility,
    pub(crate) score: Option<i64>,
    pub(crate) offers: Vec<Offer>,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Offer {
    pub(crate) term: u16,
    pub(crate) annual_rate: i64,
    pub(crate) amount: i64,
    pub(crate) limit: i64,
    pub(crate) instalment: i64,
    pub(crate) total: i64,
    pub(crate) simple_rate: i64,
    pub(crate) compound_rate: i64,
}

const STEP: Money = Money::new(100_00);
const MINIMUM: i64 = 500_00;
const MAXIMUM: i64 = 20_000_00;
const TERMS: [u16; 4] = [3, 6, 12, 24];
// Free of interest, by grade.
const FREE_TERMS: [u16; 2] = [3, 6];
const FREE_CAPS: [i64; 5] = [8_000_00, 8_000_00, 0, 0, 0];

// Housing: own, mortgage, rent, and family or provided as one.
const HOUSING: [usize; 5] = [0, 1, 2, 3, 3];
const HOUSING_POINTS: [i64; 4] = [74, 72, 60, 64];
// Work: steady (employee, public), own (self-employed, farmer), gig, other.
const WORK: [usize; 6] = [0, 0, 1, 1, 2, 3];
const WORK_POINTS: [i64; 4] = [70, 66, 58, 56];
const MINIMUM_AGE: [i64; 4] = [18, 20, 20, 22];
// Repayment: on time, late, none, overdue.
const REPAYMENT_POINTS: [i64; 4] = [78, 44, 62, 44];
const OVERDUE: usize = 3;
const GRADES: [i64; 4] = [630, 605, 580, 555];
const RATES: [[i64; 4]; 5] = [
    [72_000, 84_000, 96_000, 108_000],
    [96_000, 108_000, 120_000, 132_000],
    [120_000, 132_000, 144_000, 156_000],
    [156_000, 168_000, 180_000, 192_000],
    [192_000, 198_000, 204_000, 210_000],
];
const CAPS: [[i64; 2]; 5] = [
    [30_000_00, 18_000_00],
    [16_000_00, 12_000_00],
    [10_000_00, 8_000_00],
    [5_000_00, 4_000_00],
    [1_500_00, 1_500_00],
];

/// The points of the last bin whose lower edge is reached.
fn bin<const N: usize>(value: i64, edges: [i64; N], points: &[i64]) -> i64 {
    points[edges.iter().take_while(|edge| value >= **edge).count()]
}

/// A ratio in millionths, halves up.
fn over(a: i64, b: i64) -> i64 {
    (2 * a * 1_000_000 + b) / (2 * b)
}

pub(crate) fn assess(answers: &Answers, asked: Money, as_of: Date) -> Decision {
    let declined = |score| Decision {
        eligibility: Eligibility::NotEligible,
        score,
        offers: Vec::new(),
    };
    let years = answers.birth.years_until(as_of);
    let age = years.clamp(0, 120);
    let (housing, work) = (HOUSING[answers.housing], WORK[answers.work]);
    let income = answers.income;
    let debt_ratio = over(answers.debts, income.max(1_00));
    let spending = if income == 0 {
        1_000_000
    } else {
        over(answers.household, income)
    };
    let left = income - answers.debts - answers.household.max(800_00);
    let disposable = left - left.rem_euclid(100_00);

    if age < MINIMUM_AGE[work]
        || age >= 60
        || answers.repayment == OVERDUE
        || income < 2_000_00
        || debt_ratio >= 700_000
    {
        return declined(None);
    }
    let review = debt_ratio >= 500_000
        || (spending < 100_000 && housing != 3)
        || answers.job_months > (years - 14) * 12
        || work == 3;

    let score = bin(age, [22, 26, 35], &[55, 60, 66, 70])
        + HOUSING_POINTS[housing]
        + answers
            .address_months
            .map_or(60, |months| bin(months, [12, 36], &[58, 63, 68]))
        + if answers.vehicle == Some(true) {
            66
        } else {
            61
        }
        + WORK_POINTS[work]
        + bin(answers.job_months, [6, 12, 36, 84], &[52, 58, 65, 70, 74])
        + bin(income, [4_000_00, 7_000_00, 12_000_00], &[58, 64, 69, 73])
        + bin(debt_ratio, [100_000, 300_000, 500_000], &[72, 66, 57, 46])
        + REPAYMENT_POINTS[answers.repayment];
    let grade = GRADES.iter().take_while(|least| score < **least).count();
    let cap = CAPS[grade][usize::from(housing > 1)];
    let capacity = Money::new(disposable.div_euclid(2));

    let basket = TERMS.iter().zip(RATES[grade]);
    let basket = basket.map(|(&term, rate)| (term, rate, cap));
    let free = FREE_TERMS.map(|term| (term, 0, FREE_CAPS[grade]));
    let offers = basket.chain(free).filter_map(|(term, rate, cap)| {
        let rate = Ratio::new(rate);
        let terms = LoanTerms::monthly(Money::new(LARGEST), rate, term, as_of);
        let capacity = Capacity::Level(capacity);
        let affordable = largest_principal(&terms, &[], &capacity, Leeway::Exact, STEP).minor();
        let limit = affordable.min(cap).min(MAXIMUM);
        let limit = limit - limit.rem_euclid(STEP.minor());
        if limit < MINIMUM {
            return None;
        }
        let amount = Money::new(asked.minor().min(limit));
        let terms = LoanTerms::monthly(amount, rate, term, as_of);
        let schedule = Schedule::of(&terms).ok()?;
        let annual = annual_rate(amount, schedule.payments(), Frequency::Monthly)?;
        Some(Offer {
            term,
            annual_rate: rate.millionths(),
            amount: amount.minor(),
            limit,
            instalment: schedule.payments().next()?.minor(),
            total: amount.minor() + schedule.interest()?.minor(),
            simple_rate: annual.simple.millionths(),
            compound_rate: annual.compound.millionths(),
        })
    });
    let offers: Vec<Offer> = offers.collect();
    match (offers.is_empty(), review) {
        (true, _) => declined(Some(score)),
        (false, true) => Decision {
            eligibility: Eligibility::Review,
            score: Some(score),
            offers,
        },
        (false, false) => Decision {
            eligibility: Eligibility::Eligible,
            score: Some(score),
            offers,
        },
    }
}
