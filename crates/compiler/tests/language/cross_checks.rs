//! Cross-checks and what they compare, worked out by hand and over many shops.

use std::sync::LazyLock;

use prequal::{Answer, Answers, Date, Money, Policy, Request};
use prequal_compiler::{Sources, compile_sources};
use proptest::prelude::*;

use crate::base::LOAN;

const POLICY: &str = r#"
[policy]
id = "checks"
version = "1"
currency = "CNY"
time_zone = "+08:00"
commitments = 64

[[knockout]]
when = "is_missing(turnover)"
reason = "NEVER"
"#;

/// Questions about money, those that may be left blank last.
const MONEY: [&str; 12] = [
    "declared",
    "good",
    "normal",
    "bad",
    "opening",
    "profit",
    "put_in",
    "taken_out",
    "revalued",
    "today",
    "inflow",
    "purchases",
];
const OPTIONAL: [&str; 3] = ["inflow", "purchases", "revalued"];
const DAYS: [&str; 4] = ["good_days", "normal_days", "bad_days", "open"];

const FEATURES: [(&str, &str); 11] = [
    (
        "turnover",
        "turnover_overstated(declared, takings(good, good_days, normal, normal_days, bad, bad_days), inflow, sales_from_purchases(purchases, margin))",
    ),
    ("payments", "turnover_overstated(declared, inflow)"),
    (
        "month",
        "takings(good, good_days, normal, normal_days, bad, bad_days)",
    ),
    (
        "weighted_month",
        "takings(good, 30%, normal, 50%, bad, 20%, open)",
    ),
    ("sales", "sales_from_purchases(purchases, margin)"),
    (
        "margin_gap",
        "margin_overstated(margin, weighted_mean(g in goods, g.margin, g.share), 0.3)",
    ),
    (
        "goods_margin",
        "weighted_mean(g in goods, g.margin, g.share)",
    ),
    (
        "day_mean",
        "weighted_mean(good, good_days, normal, normal_days, bad, bad_days)",
    ),
    ("count_mean", "weighted_mean(good_days, 1, bad_days, 3)"),
    (
        "equity",
        "equity_deviation(opening, profit, put_in, taken_out, revalued, today)",
    ),
    ("best", "share_of_best(m in months, m.inflow, 3)"),
];

fn sources() -> Sources {
    let mut text = format!("{POLICY}{LOAN}");
    let asked: Vec<String> = MONEY
        .iter()
        .chain(&DAYS)
        .chain(&["margin", "goods", "months"])
        .map(|name| format!("\"{name}\""))
        .collect();
    text.push_str(&format!(
        "\n[[group]]\nid = \"all\"\nquestions = [{}]\n",
        asked.join(", ")
    ));
    for name in MONEY {
        let least = match name {
            "profit" | "revalued" | "today" => "-5_000_000_00",
            _ => "0",
        };
        let optional = OPTIONAL.contains(&name);
        text.push_str(&format!(
            "\n[question.{name}]\nkind = \"money\"\nrange = [{least}, 5_000_000_00]\noptional = {optional}\n"
        ));
    }
    for name in DAYS {
        text.push_str(&format!(
            "\n[question.{name}]\nkind = \"integer\"\nrange = [0, 31]\n"
        ));
    }
    text.push_str(
        r#"
[question.margin]
kind = "ratio"
range = [0, 1]

[question.goods]
kind = "list"
range = [0, 3]

[question.goods.fields.share]
kind = "ratio"
range = [0, 1]

[question.goods.fields.margin]
kind = "ratio"
range = [-1, 1]

[question.months]
kind = "list"
range = [12, 12]

[question.months.fields.inflow]
kind = "money"
range = [0, 5_000_000_00]
"#,
    );
    for (name, formula) in FEATURES {
        text.push_str(&format!(
            "\n[feature.{name}]\nformula = \"{formula}\"\nexact = true\n"
        ));
    }
    let mut sources = Sources::default();
    sources.insert("policy.toml", text);
    sources
}

static COMPILED: LazyLock<Policy> = LazyLock::new(|| {
    compile_sources(&sources())
        .unwrap_or_else(|told| panic!("{told}"))
        .loaded
});

/// What a shopkeeper answers.
#[derive(Clone, Debug)]
struct Shop {
    /// Figures in minor units; what is not here is 0, or left blank.
    figures: Vec<(&'static str, i64)>,
    margin: i64,
    goods: Vec<(i64, i64)>,
    months: Vec<i64>,
}

impl Shop {
    /// Yuan, and days.
    fn of(figures: &[(&'static str, i64)]) -> Shop {
        let figures = figures
            .iter()
            .map(|(name, value)| match MONEY.contains(name) {
                true => (*name, value * 100),
                false => (*name, *value),
            });
        Shop {
            figures: figures.collect(),
            margin: 200_000,
            goods: Vec::new(),
            months: vec![0; 12],
        }
    }

    fn with(&self, name: &'static str, value: i64) -> Shop {
        let mut shop = self.clone();
        shop.figures.retain(|(other, _)| *other != name);
        shop.figures.push((name, value));
        shop
    }

    fn without(&self, name: &str) -> Shop {
        let mut shop = self.clone();
        shop.figures.retain(|(other, _)| *other != name);
        shop
    }

    fn figure(&self, name: &str) -> Option<i64> {
        let found = self.figures.iter().find(|(other, _)| *other == name);
        found.map(|(_, value)| *value)
    }

    /// The same shop with ten times the money.
    fn tenfold(&self) -> Shop {
        let mut shop = self.clone();
        for (name, value) in &mut shop.figures {
            if MONEY.contains(name) {
                *value *= 10;
            }
        }
        shop.months.iter_mut().for_each(|month| *month *= 10);
        shop
    }

    /// A feature as it leaves the device; `None` where it is missing.
    fn told(&self, feature: &str) -> Option<i64> {
        let mut answers = Answers::default();
        for name in MONEY.iter().chain(&DAYS) {
            match self.figure(name) {
                Some(value) => answers.set(*name, value),
                None if OPTIONAL.contains(name) => {}
                None => answers.set(*name, 0),
            }
        }
        answers.set("margin", Answer::Number(self.margin as f64));
        let goods = self.goods.iter().map(|(share, margin)| {
            [
                ("share", Answer::from(*share)),
                ("margin", Answer::from(*margin)),
            ]
        });
        answers.set_list("goods", goods);
        let months = self
            .months
            .iter()
            .map(|inflow| [("inflow", Answer::from(*inflow))]);
        answers.set_list("months", months);
        let request = Request {
            product: "loan".to_owned(),
            amount: Money::new(500_00),
            term: 6,
        };
        let as_of: Date = "2026-03-15".parse().expect("a day");
        let summary = COMPILED.summarise(&answers, &request, as_of);
        let text = summary.expect("a summary").canonical();
        let (_, rest) = text
            .split_once(&format!("\"{feature}\":"))
            .expect("the feature");
        let value = rest.split(['}', ',']).next().expect("a value");
        match value {
            "\"missing\"" => None,
            number => Some(number.parse().expect("a number")),
        }
    }
}

/// Takings of 6 × 6 000 + 14 × 4 000 + 6 × 2 000 = 104 000 yuan, payments of
/// 85 000, and purchases of 72 000 that a margin of 20 % makes 90 000.
fn shop() -> Shop {
    Shop::of(&[
        ("declared", 100_000),
        ("good", 6_000),
        ("good_days", 6),
        ("normal", 4_000),
        ("normal_days", 14),
        ("bad", 2_000),
        ("bad_days", 6),
        ("inflow", 85_000),
        ("purchases", 72_000),
    ])
}

#[test]
fn the_lowest_inference_of_turnover_counts() {
    let shop = shop();
    assert_eq!(shop.told("month"), Some(104_000_00));
    assert_eq!(shop.told("sales"), Some(90_000_00));
    // 15 000 of 100 000 are not borne out by payments.
    assert_eq!(shop.told("turnover"), Some(150_000));
    // Without payments, purchases leave 10 000 open; without both, nothing.
    let unseen = shop.without("inflow");
    assert_eq!(unseen.told("turnover"), Some(100_000));
    assert_eq!(unseen.without("purchases").told("turnover"), Some(0));
    // What is declared below every inference is no reason against lending.
    assert_eq!(shop.with("declared", 80_000_00).told("turnover"), Some(0));
    assert_eq!(shop.with("declared", 0).told("turnover"), Some(0));
    // Nothing came in at all.
    assert_eq!(shop.with("inflow", 0).told("turnover"), Some(1_000_000));
}

#[test]
fn without_an_inference_there_is_no_check() {
    assert_eq!(shop().told("payments"), Some(150_000));
    assert_eq!(shop().without("inflow").told("payments"), None);
    assert_eq!(shop().without("purchases").told("sales"), None);
    // Goods that cost something leave no margin of 1.
    let free = Shop {
        margin: 1_000_000,
        ..shop()
    };
    assert_eq!(free.told("sales"), None);
    assert_eq!(free.told("turnover"), Some(150_000));
}

#[test]
fn takings_of_a_month() {
    // Three, five and two days of ten: 1 800 + 2 000 + 400 = 4 200 a day, on 26.
    assert_eq!(
        shop().with("open", 26).told("weighted_month"),
        Some(109_200_00)
    );
    // 31 good and 31 normal days are half a month each: 5 000 on 31 days.
    let many = shop().with("good_days", 31).with("normal_days", 31);
    assert_eq!(many.with("bad_days", 0).told("month"), Some(155_000_00));
    // Where no day comes nothing is taken.
    let closed = shop().with("good_days", 0).with("normal_days", 0);
    assert_eq!(closed.with("bad_days", 0).told("month"), Some(0));
}

#[test]
fn a_margin_by_shares_of_sales() {
    // 0.5 × 15 % + 0.3 × 20 % + 0.2 × 22 % = 17.9 %.
    let goods = vec![(500_000, 150_000), (300_000, 200_000), (200_000, 220_000)];
    let shop = Shop { goods, ..shop() };
    assert_eq!(shop.told("goods_margin"), Some(179_000));
    assert_eq!(shop.told("margin_gap"), Some(21_000));
    // Shares of half the sales weigh as those of all.
    let half = shop
        .goods
        .iter()
        .map(|(share, margin)| (share / 2, *margin));
    let half = Shop {
        goods: half.collect(),
        ..shop.clone()
    };
    assert_eq!(half.told("goods_margin"), Some(179_000));
    // Goods that leave more are no reason against lending; 30 % is the trade's most.
    let modest = Shop {
        margin: 100_000,
        ..shop.clone()
    };
    assert_eq!(modest.told("margin_gap"), Some(0));
    let proud = Shop {
        margin: 350_000,
        goods: vec![(1_000_000, 400_000)],
        ..shop.clone()
    };
    assert_eq!(proud.told("margin_gap"), Some(50_000));
    // Without goods or their shares there is no mean: the trade's range is left.
    let none = Shop {
        goods: vec![(0, 150_000)],
        ..proud
    };
    assert_eq!(none.told("goods_margin"), None);
    assert_eq!(none.told("margin_gap"), Some(50_000));
}

#[test]
fn means_by_weight() {
    // 104 000 yuan over 26 days; 6 once and 2 thrice are 12 in 4.
    assert_eq!(shop().told("day_mean"), Some(4_000_00));
    assert_eq!(
        shop().with("bad_days", 2).told("count_mean"),
        Some(3_000_000)
    );
}

#[test]
fn equity_that_should_be_there() {
    // 200 000 + 60 000 + 20 000 − 30 000 + 10 000 = 260 000.
    let books = Shop::of(&[
        ("opening", 200_000),
        ("profit", 60_000),
        ("put_in", 20_000),
        ("taken_out", 30_000),
        ("revalued", 10_000),
        ("today", 247_000),
    ]);
    // 13 000 less, of 260 000; and 13 000 more, of 273 000.
    assert_eq!(books.told("equity"), Some(50_000));
    assert_eq!(books.with("today", 273_000_00).told("equity"), Some(47_619));
    // Owned by the books, owed in truth.
    assert_eq!(
        books.with("today", -260_000_00).told("equity"),
        Some(2_000_000)
    );
    assert_eq!(books.without("revalued").told("equity"), None);
    let nothing = Shop::of(&[("revalued", 0)]);
    assert_eq!(nothing.told("equity"), Some(0));
}

#[test]
fn the_best_months_of_all() {
    // 10, 11 and 12 of 78.
    let months = [7, 12, 1, 9, 4, 10, 2, 8, 11, 3, 6, 5].map(|n| n * 1_000_00);
    let seasonal = Shop {
        months: months.to_vec(),
        ..shop()
    };
    assert_eq!(seasonal.told("best"), Some(423_077));
    assert_eq!(shop().told("best"), Some(0));
}

fn shops() -> impl Strategy<Value = Shop> {
    let money = || 1_00..50_000_00_i64;
    let signed = || -20_000_00..50_000_00_i64;
    (
        (
            money(),
            [money(), money(), money()],
            [0..31_i64, 0..31, 0..31],
        ),
        [signed(), signed(), signed()],
        [money(), money(), money()],
        proptest::option::of(money()),
        0..900_000_i64,
        proptest::collection::vec((0..=1_000_000_i64, -200_000..900_000_i64), 0..=3),
        proptest::collection::vec(0..50_000_00_i64, 12),
    )
        .prop_map(|(days, books, flows, inflow, margin, goods, months)| {
            let (declared, [good, normal, bad], [good_days, normal_days, bad_days]) = days;
            let [profit, revalued, today] = books;
            let [opening, put_in, taken_out] = flows;
            let mut figures = vec![
                ("declared", declared),
                ("good", good),
                ("normal", normal),
                ("bad", bad),
                ("good_days", good_days),
                ("normal_days", normal_days),
                ("bad_days", bad_days),
                ("profit", profit),
                ("revalued", revalued),
                ("today", today),
                ("opening", opening),
                ("put_in", put_in),
                ("taken_out", taken_out),
            ];
            figures.extend(inflow.map(|inflow| ("inflow", inflow)));
            Shop {
                figures,
                margin,
                goods,
                months,
            }
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_deviation_is_the_same_at_ten_times_the_money(shop in shops()) {
        let large = shop.tenfold();
        for feature in ["payments", "turnover", "equity", "best"] {
            prop_assert_eq!(shop.told(feature), large.told(feature), "{}", feature);
        }
        // Up to the rounding of the one to the nearest cent.
        let (month, larger) = (shop.told("month"), large.told("month"));
        let apart = month.zip(larger).map(|(month, larger)| (month * 10 - larger).abs());
        prop_assert!(apart.is_some_and(|apart| apart <= 5));
    }

    #[test]
    fn turnover_that_agrees_is_not_overstated(shop in shops(), purchases in 1_00..50_000_00_i64) {
        let month = shop.told("month").expect("takings");
        let agreed = shop.with("declared", month).with("inflow", month);
        prop_assert_eq!(agreed.told("turnover"), Some(0));
        let purchased = shop.with("purchases", purchases);
        let sales = purchased.told("sales").expect("sales");
        prop_assert!(sales >= purchases);
        // The margin that they leave is the one declared.
        let left = (sales - purchases) as f64 / sales as f64;
        prop_assert!((left - shop.margin as f64 / 1e6).abs() < 0.01);
    }

    #[test]
    fn a_turnover_is_overstated_the_more_the_higher_it_is(shop in shops(), more in 1..50_000_00_i64) {
        let gap = |shop: &Shop| shop.told("turnover").expect("takings are always there");
        let declared = shop.figure("declared").expect("declared");
        let raised = shop.with("declared", declared + more);
        prop_assert!((0..=1_000_000).contains(&gap(&shop)));
        prop_assert!(gap(&shop) <= gap(&raised));
        if let Some(inflow) = shop.figure("inflow") {
            prop_assert!(gap(&shop.with("inflow", inflow + more)) <= gap(&shop));
            // A further inference can only find more to ask about.
            prop_assert!(gap(&shop.without("inflow")) <= gap(&shop));
        }
    }

    #[test]
    fn margins(shop in shops(), more in 1..100_000_i64) {
        let gap = |shop: &Shop| shop.told("margin_gap").expect("the trade's is always there");
        let mean = shop.told("goods_margin");
        let counted: Vec<i64> = shop.goods.iter().map(|(_, margin)| *margin).collect();
        prop_assert_eq!(mean.is_some(), shop.goods.iter().any(|(share, _)| *share > 0));
        if let Some(mean) = mean {
            let (least, most) = (counted.iter().min(), counted.iter().max());
            prop_assert!(least <= Some(&mean) && Some(&mean) <= most);
            let agreed = Shop { margin: mean.clamp(0, 300_000), ..shop.clone() };
            prop_assert_eq!(gap(&agreed), agreed.margin - mean.min(agreed.margin));
        }
        prop_assert!(gap(&shop) >= 0);
        let raised = Shop { margin: shop.margin + more, ..shop.clone() };
        prop_assert!(gap(&shop) <= gap(&raised));
    }

    #[test]
    fn equity_either_way(shop in shops(), more in 0..1_000_00_i64) {
        let gap = |shop: &Shop| shop.told("equity").expect("all is there");
        let part = |name| shop.figure(name).expect("a part");
        let expected = part("opening") + part("profit") + part("put_in") - part("taken_out")
            + part("revalued");
        prop_assert!((0..=2_000_000).contains(&gap(&shop)));
        prop_assert_eq!(gap(&shop.with("today", expected)), 0);
        // The same gap from either side.
        let mirrored = shop
            .with("opening", part("today").max(0))
            .with("profit", part("today").min(0))
            .with("put_in", 0)
            .with("taken_out", 0)
            .with("revalued", 0)
            .with("today", expected);
        prop_assert_eq!(gap(&shop), gap(&mirrored));
        // The further from what is expected, upwards or downwards, the more.
        for sign in [1, -1] {
            let near = shop.with("today", expected + sign * more);
            let far = expected + sign * (2 * more + 1);
            let further = shop.with("today", far);
            if expected.signum() * far.signum() >= 0 {
                prop_assert!(gap(&near) <= gap(&further));
            } else if expected.abs().max(far.abs()) >= 1_00 {
                // One is owned, the other owed: that is more than all of it.
                prop_assert!(gap(&further) >= 1_000_000);
            }
        }
    }

    #[test]
    fn the_best_three_of_twelve(shop in shops()) {
        let mut months = shop.months.clone();
        months.sort_by_key(|month| -month);
        let sum = |months: &[i64]| months.iter().map(|month| i128::from(*month)).sum::<i128>();
        let (best, all) = (sum(&months[..3]), sum(&months));
        let share = if all == 0 { 0 } else { (best * 2_000_000 + all) / (2 * all) };
        prop_assert_eq!(shop.told("best").map(i128::from), Some(share));
    }
}
