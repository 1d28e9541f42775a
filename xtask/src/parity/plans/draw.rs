//! Drawing plans.

use std::rc::Rc;

use anyhow::{Context, Error, Result, bail};
use base64ct::{Base64, Encoding};
use fastrand::Rng;
use prequal::loan::{ExtraPayment, HIGHEST_RATE, LoanTerms, MOST_INSTALMENTS, Schedule};
use prequal::policy::{Body, Id, Policy, Product, ProductFee};
use prequal::{Date, LARGEST, Money, Ratio, Repayments, Request};
use prequal_sample::construct::{charged, day_count, direction, frequency, plan};
use prequal_sample::{between, fees, once_in, repayment};

use super::{EXTRA, KINDS, Plan, REFUSED, ROWS, START, Terms};
use crate::parity::counts::Counts;
use crate::parity::piece::Draw;

/// Products of a policy.
const PRODUCTS: usize = 32;
/// Plans by the same policy.
const OF_A_POLICY: u64 = 256;
/// One plan in this many has an amount, a rate or a product that there is not.
const WRONG: u32 = 200;

/// Plans drawn so far.
pub(super) struct Drawn<'a> {
    base: &'a Body,
    random: Rng,
    drawn: u64,
    policy: Option<(Policy, Rc<String>)>,
    reached: Counts,
}

/// Terms as the core takes them.
struct Asked {
    request: Request,
    annual_rate: Ratio,
    start: Date,
    extra: Option<ExtraPayment>,
}

impl<'a> Drawn<'a> {
    pub(super) fn new(base: &'a Body, seed: u64) -> Self {
        Self {
            base,
            random: Rng::with_seed(seed),
            drawn: 0,
            policy: None,
            reached: Counts::default(),
        }
    }

    fn renew(&mut self) -> Result<()> {
        let mut body = self.base.clone();
        let model = body.products.pop().context("a policy without products")?;
        for index in 0..PRODUCTS {
            body.products
                .push(product(&mut self.random, index, &model)?);
        }
        let random = &mut self.random;
        body.price.prepayment = ratio(random, 0, 50_000);
        let bytes = body.encode();
        let policy = Policy::decode(&bytes)?;
        self.policy = Some((policy, Rc::new(Base64::encode_string(&bytes))));
        Ok(())
    }

    /// Counts what a plan has that has a schedule, or why it has none.
    fn count(&mut self, product: Option<&Product>, asked: &Asked, found: Option<&Repayments>) {
        let Some(product) = product else {
            self.reached.count(REFUSED, "no product");
            return;
        };
        let terms = asked.terms(product);
        let Some(found) = found else {
            let error = Schedule::of(&terms).err();
            let why = error.map_or("with its fees", |error| error.code());
            self.reached.count(REFUSED, why);
            return;
        };
        let manner = &product.repayment;
        let names = [
            plan(&manner.plan),
            frequency(&manner.frequency),
            day_count(&manner.day_count),
            direction(&manner.rounding.direction),
        ];
        for (kind, name) in KINDS.into_iter().zip(names) {
            self.reached.count(kind, name);
        }
        let [.., fees] = KINDS;
        for fee in &product.fees {
            self.reached.count(fees, charged(&fee.fee.charged));
        }
        let sooner = found
            .rows
            .last()
            .is_none_or(|last| last.number < terms.instalments || last.payment == Money::ZERO);
        let extra = match asked.extra {
            None => "none",
            Some(_) if sooner => "ends the loan",
            Some(_) => "paid on top",
        };
        self.reached.count(EXTRA, extra);
        let (_, month, day) = asked.start.ymd();
        let ends = Date::from_days(asked.start.days() + 1).is_none_or(|next| next.ymd().2 == 1);
        let start = match (month, day) {
            (2, 29) => "leap day",
            _ if ends => "month end",
            _ => "other day",
        };
        self.reached.count(START, start);
        let rows = match found.rows.len() {
            ..=1 => "1",
            2..=12 => "2–12",
            13..=60 => "13–60",
            61..=360 => "61–360",
            _ => "361–1040",
        };
        self.reached.count(ROWS, rows);
    }
}

impl Draw for Drawn<'_> {
    type Case = Plan;

    fn next(&mut self) -> Result<Plan> {
        let begins = self.drawn.is_multiple_of(OF_A_POLICY);
        if begins {
            self.renew()?;
        }
        self.drawn += 1;
        let (policy, bytes) = self.policy.take().context("no policy was drawn")?;
        let asked = Asked::draw(&mut self.random, policy.body())?;
        let Asked {
            request,
            annual_rate,
            start,
            extra,
        } = &asked;
        let found = policy.repayments(
            &request.product,
            request.amount,
            *annual_rate,
            request.term,
            *start,
            *extra,
        );
        let mut products = policy.body().products.iter();
        let product = products.find(|product| product.id.as_str() == request.product);
        self.count(product, &asked, found.as_ref());
        let case = Plan {
            policy: bytes.clone(),
            begins,
            terms: Terms {
                product: request.product.clone(),
                amount: request.amount.minor(),
                annual_rate: annual_rate.millionths(),
                term: request.term,
                start: start.to_string(),
                extra_with: extra.map(|extra| extra.with),
                extra: extra.map(|extra| extra.amount.minor()),
            },
            figures: found.map(|found| found.canonical()),
        };
        self.policy = Some((policy, bytes));
        Ok(case)
    }

    fn reached(&self) -> &Counts {
        &self.reached
    }
}

impl Asked {
    fn draw(random: &mut Rng, body: &Body) -> Result<Asked> {
        let product = random.choice(&body.products).context("no products")?;
        let term = match once_in(random, 40) {
            true => random.u16(..MOST_INSTALMENTS + 60),
            false => random.choice(&product.terms).copied().unwrap_or(1),
        };
        let amount = amount(random, product);
        let count = product.repayment.instalments(term);
        let extra = once_in(random, 3).then(|| ExtraPayment {
            with: random.u16(0..=count.min(MOST_INSTALMENTS)),
            amount: Money::new(match once_in(random, 32) {
                true => random.i64(-1..=0),
                false => magnitude(random, amount.max(1)),
            }),
        });
        let request = Request {
            product: match once_in(random, WRONG) {
                true => "unknown".to_owned(),
                false => product.id.to_string(),
            },
            amount: Money::new(amount),
            term,
        };
        Ok(Asked {
            request,
            annual_rate: rate(random),
            start: start(random).context("no such day")?,
            extra,
        })
    }

    fn terms(&self, product: &Product) -> LoanTerms {
        let Request { amount, term, .. } = self.request;
        LoanTerms {
            extra: self.extra,
            ..product
                .repayment
                .terms(amount, self.annual_rate, term, self.start)
        }
    }
}

/// A product whose terms all fit.
fn product(random: &mut Rng, index: usize, model: &Product) -> Result<Product> {
    // Most fit at once.
    for _ in 0..100 {
        let of: &[u16] = match once_in(random, 10) {
            true => &[36, 48, 60, 120, 180, 240, 360],
            false => &[1, 2, 3, 6, 6, 9, 12, 12, 13, 18, 24],
        };
        let drawn = (0..random.usize(1..4)).filter_map(|_| random.choice(of).copied());
        let mut terms: Vec<u16> = drawn.collect();
        terms.sort();
        terms.dedup();
        let minimum = magnitude(random, 100_000_00).max(1);
        let maximum = minimum.saturating_mul(random.i64(1..=1_000));
        let repayment = repayment(random, &terms, minimum.into(), MOST_INSTALMENTS);
        let least = Money::new(minimum);
        if !terms
            .iter()
            .all(|term| repayment.fits(*term, least).is_ok())
        {
            continue;
        }
        let fees = fees(random, minimum.into()).into_iter();
        let fees = fees.map(|(id, payee, fee)| {
            let (id, payee) = (name(id)?, name(payee.to_owned())?);
            Ok(ProductFee { id, payee, fee })
        });
        return Ok(Product {
            id: name(format!("product-{index}"))?,
            repayment,
            fees: fees.collect::<Result<_>>()?,
            terms,
            minimum: least,
            maximum: Money::new(maximum),
            ..model.clone()
        });
    }
    bail!("no product fits")
}

fn name(text: String) -> Result<Id> {
    Id::try_from(text).map_err(Error::msg)
}

/// What is lent: of the product's order as a rule.
fn amount(random: &mut Rng, product: &Product) -> i64 {
    let (least, most) = (product.minimum.minor(), product.maximum.minor());
    match random.u8(..8) {
        _ if once_in(random, WRONG) => random.i64(-1..=0),
        0 => magnitude(random, LARGEST),
        1 => magnitude(random, most),
        _ => number(random, least, most),
    }
}

/// From nothing to the highest, which is met, and rarely beyond.
fn rate(random: &mut Rng) -> Ratio {
    let highest = HIGHEST_RATE.millionths();
    match random.u8(..16) {
        _ if once_in(random, WRONG) => {
            Ratio::new(*random.choice(&[-1, highest + 1]).unwrap_or(&-1))
        }
        0 | 1 => Ratio::ZERO,
        2 => ratio(random, 0, highest),
        3 => ratio(random, 1, 1_000),
        _ => ratio(random, 10_000, 400_000),
    }
}

/// The 29th of February, the end of any month, any day of the calendar, or of a century.
fn start(random: &mut Rng) -> Option<Date> {
    let year = random.i64(2_000..2_100);
    match random.u8(..8) {
        _ if once_in(random, WRONG) => Date::from_ymd(9_999, random.i64(1..=12), 28),
        0 => Date::from_ymd(year / 4 * 4, 2, 29),
        1 | 2 => {
            let next = Date::from_ymd(year, random.i64(1..=12), 1)?;
            Date::from_days(next.days() - 1)
        }
        3 => Date::from_ymd(random.i64(1..=9_999), 1, 1)
            .and_then(|first| Date::from_days(first.days() + random.i64(0..365))),
        _ => Date::from_days(Date::EPOCH_2000.days() + random.i64(0..36_525)),
    }
}

/// A number of any order of magnitude up to this one.
fn magnitude(random: &mut Rng, most: i64) -> i64 {
    let bits = random.u32(..64 - most.leading_zeros());
    number(random, 1, (most >> bits).max(1))
}

fn ratio(random: &mut Rng, low: i64, high: i64) -> Ratio {
    Ratio::new(number(random, low, high))
}

fn number(random: &mut Rng, low: i64, high: i64) -> i64 {
    i64::try_from(between(random, low.into(), high.into())).unwrap_or(high)
}
