//! The bytes of products and discounts.

use prequal::loan::{
    Charged, DayCount, Deferred, Fee, Frequency, InstalmentRounding, Months, Plan, Repayment,
};
use prequal::policy::{Change, Discount, Product, ProductFee};

use super::Cursor;

impl Cursor<'_> {
    pub(super) fn product(&mut self) -> Option<Product> {
        Some(Product {
            id: self.id()?,
            repayment: Repayment {
                plan: self.plan()?,
                frequency: match self.byte()? {
                    0 => Frequency::Monthly,
                    1 => Frequency::Days(self.natural()?),
                    _ => return None,
                },
                day_count: match self.byte()? {
                    0 => DayCount::Periods,
                    1 => DayCount::Thirty360,
                    2 => DayCount::Actual365,
                    3 => DayCount::Actual360,
                    4 => DayCount::ActualActual,
                    _ => return None,
                },
                rounding: InstalmentRounding {
                    multiple: self.money()?,
                    direction: self.rounding()?,
                },
            },
            fees: self.many(Self::fee)?,
            terms: self.many(Self::natural)?,
            minimum: self.money()?,
            maximum: self.money()?,
            rate: self.natural()?,
            when: self.maybe(Self::natural)?,
            suits: self.maybe(Self::natural)?,
        })
    }

    fn plan(&mut self) -> Option<Plan> {
        Some(match self.byte()? {
            0 => Plan::EqualInstalment,
            1 => Plan::EqualPrincipal,
            2 => Plan::Bullet,
            3 => Plan::Flat,
            4 => Plan::Balloon {
                share: self.ratio()?,
            },
            5 => Plan::Grace {
                nothing: self.natural()?,
                interest_only: self.natural()?,
                deferred: self.deferred()?,
            },
            6 => Plan::Stepped {
                every: self.natural()?,
                by: self.ratio()?,
            },
            7 => Plan::Seasonal {
                interest_only: self.months()?,
                nothing: self.months()?,
                deferred: self.deferred()?,
            },
            _ => return None,
        })
    }

    fn deferred(&mut self) -> Option<Deferred> {
        match self.byte()? {
            0 => Some(Deferred::CaughtUp),
            1 => Some(Deferred::Capitalised),
            _ => None,
        }
    }

    /// Months of the year: 2 for January, 4 for February and so on, added up.
    fn months(&mut self) -> Option<Months> {
        let mut left: u16 = self.natural()?;
        let mut months = Vec::new();
        for month in (1..=12_u8).rev() {
            let worth = 2_u16.pow(month.into());
            if left / worth == 1 {
                left -= worth;
                months.push(month);
            }
        }
        Months::of(&months).filter(|_| left == 0)
    }

    fn fee(&mut self) -> Option<ProductFee> {
        Some(ProductFee {
            id: self.id()?,
            payee: self.id()?,
            fee: Fee {
                charged: match self.byte()? {
                    0 => Charged::UpFront,
                    1 => Charged::Deducted,
                    2 => Charged::Financed,
                    3 => Charged::EachInstalment,
                    4 => Charged::AtEnd,
                    5 => Charged::ByPartner,
                    _ => return None,
                },
                fixed: self.money()?,
                share: self.ratio()?,
            },
        })
    }

    pub(super) fn discount(&mut self) -> Option<Discount> {
        Some(Discount {
            id: self.id()?,
            when: self.natural()?,
            change: match self.byte()? {
                0 => Change::Less(self.ratio()?),
                1 => Change::Times(self.ratio()?),
                _ => return None,
            },
        })
    }
}
