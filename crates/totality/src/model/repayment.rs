//! How products are paid back and what they cost, as `policy.toml` says it.

use prequal::loan::{
    Charged, DayCount, Deferred, Fee, Frequency, InstalmentRounding, Months, Plan, Repayment,
};
use prequal::policy::Kind;
use prequal::{Date, Ratio, Rounding};

use super::text::number;

/// A ratio.
pub(super) fn ratio(ratio: Ratio) -> String {
    number(ratio.millionths().into(), &Kind::Ratio)
}

/// A plan with its parameters.
pub(super) fn plan(plan: Plan) -> String {
    let of = |kind: &str, parameters: Vec<String>| {
        let kind = format!("kind = \"{kind}\"");
        let all = [vec![kind], parameters].concat();
        format!("{{ {} }}", all.join(", "))
    };
    match plan {
        Plan::EqualInstalment => of("equal_instalment", Vec::new()),
        Plan::EqualPrincipal => of("equal_principal", Vec::new()),
        Plan::Bullet => of("bullet", Vec::new()),
        Plan::Flat => of("flat", Vec::new()),
        Plan::Balloon { share } => of("balloon", vec![format!("share = {}", ratio(share))]),
        Plan::Grace {
            nothing,
            interest_only,
            deferred,
        } => {
            let counts = [("nothing", nothing), ("interest_only", interest_only)];
            let counts = counts.into_iter().filter(|(_, count)| *count > 0);
            let mut parameters: Vec<String> = counts
                .map(|(name, count)| format!("{name} = {count}"))
                .collect();
            parameters.extend(self::deferred(deferred));
            of("grace", parameters)
        }
        Plan::Stepped { every, by } => of(
            "stepped",
            vec![format!("every = {every}"), format!("by = {}", ratio(by))],
        ),
        Plan::Seasonal {
            interest_only,
            nothing,
            deferred,
        } => {
            let named = [("interest_only", interest_only), ("nothing", nothing)];
            let named = named
                .into_iter()
                .filter(|(_, these)| *these != Months::NONE);
            let mut parameters: Vec<String> = named
                .map(|(name, these)| format!("{name} = [{}]", months(these)))
                .collect();
            parameters.extend(self::deferred(deferred));
            of("seasonal", parameters)
        }
    }
}

/// What is said only where it is not so anyway.
fn deferred(deferred: Deferred) -> Option<String> {
    match deferred {
        Deferred::CaughtUp => None,
        Deferred::Capitalised => Some("deferred = \"capitalised\"".to_owned()),
    }
}

fn months(months: Months) -> String {
    let held = |month: &i64| Date::from_ymd(2000, *month, 1).is_some_and(|day| months.hold(day));
    let held: Vec<String> = (1..=12)
        .filter(held)
        .map(|month| month.to_string())
        .collect();
    held.join(", ")
}

/// How often, by which count of days, and rounded to what: what is said of it.
pub(super) fn manner(repayment: &Repayment) -> Vec<(&'static str, String)> {
    let mut said = Vec::new();
    let every = match repayment.frequency {
        Frequency::Monthly => None,
        Frequency::Days(7) => Some("\"week\"".to_owned()),
        Frequency::Days(14) => Some("\"fortnight\"".to_owned()),
        Frequency::Days(days) => Some(days.to_string()),
    };
    said.extend(every.map(|every| ("every", every)));
    let day_count = match repayment.day_count {
        DayCount::Periods => None,
        DayCount::Thirty360 => Some("30/360"),
        DayCount::Actual365 => Some("actual/365"),
        DayCount::Actual360 => Some("actual/360"),
        DayCount::ActualActual => Some("actual/actual"),
    };
    said.extend(day_count.map(|name| ("day_count", format!("\"{name}\""))));
    if repayment.rounding != InstalmentRounding::MINOR {
        let multiple = number(repayment.rounding.multiple.minor().into(), &Kind::Money);
        let direction = match repayment.rounding.direction {
            Rounding::Up => "",
            Rounding::Down => ", direction = \"down\"",
            Rounding::HalfUp => ", direction = \"half_up\"",
        };
        said.push((
            "rounding",
            format!("{{ multiple = {multiple}{direction} }}"),
        ));
    }
    said
}

/// A fee by its name and who receives it.
pub(super) fn fee((name, payee, fee): &(String, &'static str, Fee)) -> String {
    let charged = match fee.charged {
        Charged::UpFront => "up_front",
        Charged::Deducted => "deducted",
        Charged::Financed => "financed",
        Charged::EachInstalment => "each_instalment",
        Charged::AtEnd => "at_end",
        Charged::ByPartner => "by_partner",
    };
    let mut said = vec![
        format!("id = \"{name}\""),
        format!("payee = \"{payee}\""),
        format!("charged = \"{charged}\""),
    ];
    if fee.fixed.minor() > 0 {
        let fixed = number(fee.fixed.minor().into(), &Kind::Money);
        said.push(format!("fixed = {fixed}"));
    }
    if fee.share > Ratio::ZERO {
        said.push(format!("share = {}", ratio(fee.share)));
    }
    format!("{{ {} }}", said.join(", "))
}
