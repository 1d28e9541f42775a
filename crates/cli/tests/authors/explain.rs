//! `prequal explain`: an outcome in words, in both languages.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{BAD, NO, YES, base, copied, expect, prequal, shown, text};

fn instalment() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/instalment")
}

/// What is said of each of the policy's own cases, with its exit code.
fn accounts(lang: &str) -> Vec<(i32, String)> {
    let entries = std::fs::read_dir(instalment().join("cases")).expect("the cases");
    let cases = entries.map(|entry| entry.expect("an entry").path());
    let told = cases.map(|case| {
        let folder = instalment();
        let output = prequal(&["explain", shown(&folder), shown(&case), "--lang", lang]);
        let code = output.status.code().expect("it ends");
        (code, text(&output.stdout))
    });
    told.collect()
}

#[test]
fn every_case_is_told_without_a_word_of_code() {
    for lang in ["en", "zh-CN"] {
        let accounts = accounts(lang);
        assert!(
            accounts.iter().any(|(code, _)| *code == 0)
                && accounts.iter().any(|(code, _)| *code == 1)
        );
        for (_, said) in accounts {
            for raw in [
                "{",
                "}",
                "feature.",
                "reason.",
                "not_eligible",
                "debt_ratio",
                "score.",
            ] {
                assert!(!said.contains(raw), "{raw}\n{said}");
            }
        }
    }
}

#[test]
fn an_account_has_reasons_points_bounds_and_what_is_sent() {
    let case = instalment().join("cases");
    let mut files: Vec<PathBuf> = std::fs::read_dir(case)
        .expect("the cases")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    let first = files.first().expect("a case");
    let english = expect(
        YES,
        &[
            "explain",
            shown(&instalment()),
            shown(first),
            "--lang",
            "en",
        ],
    );
    let chinese = expect(
        YES,
        &[
            "explain",
            shown(&instalment()),
            shown(first),
            "--lang",
            "zh-CN",
        ],
    );
    for (said, words) in [
        (
            &english,
            [
                "as of 2026-11-22",
                "Reasons",
                " of ",
                "and binds",
                "instalments of",
                "What would be sent",
            ],
        ),
        (
            &chinese,
            [
                "2026年11月22日",
                "原因",
                "满分",
                "起决定作用",
                "每期还",
                "提交时会发送的内容",
            ],
        ),
    ] {
        for word in words {
            assert!(said.contains(word), "{word}\n{said}");
        }
    }
    // Both say the same, line by line.
    assert_eq!(english.lines().count(), chinese.lines().count());
}

#[test]
fn a_language_that_is_not_there_is_refused_with_those_that_are() {
    let case = instalment().join("cases");
    let output = prequal(&[
        "explain",
        shown(&instalment()),
        shown(&case),
        "--lang",
        "fr",
    ]);
    assert_eq!(output.status.code(), Some(BAD));
    assert!(
        text(&output.stderr).contains("one of zh-CN, en"),
        "{}",
        text(&output.stderr)
    );
    // The base policy has no Chinese texts.
    expect(
        BAD,
        &["explain", shown(&base()), shown(&case), "--lang", "zh-CN"],
    );
}

/// The base policy as an early warning, with a case.
fn early_warning() -> tempfile::TempDir {
    let folder = copied(
        "version = \"1\"",
        "version = \"1\"\nstage = \"early-warning\"",
    );
    let path = folder.path().join("policy.toml");
    let policy = fs::read_to_string(&path).expect("a policy");
    let (policy, _) = policy.split_once("[limit]").expect("a limit");
    let policy = policy
        .replace("quote_grade = \"A\"\n", "")
        .replace("[feature.debts]\nceil = 100_00\n\n", "")
        .replace(
            "[[knockout]]\nid = \"too_young\"",
            "[[alert]]\nlevel = \"watch\"\nid = \"too_young\"",
        )
        .replace("[[knockout]]", "[[alert]]\nlevel = \"stop\"")
        .replace("[[review]]", "[[alert]]\nlevel = \"warn\"");
    let product =
        "[[product]]\nid = \"loan\"\nterms = [6]\nminimum = 500_00\nmaximum = 20_000_00\n";
    fs::write(&path, policy + product).expect("written");
    for table in ["cap.csv", "rate.csv"] {
        fs::remove_file(folder.path().join("tables").join(table)).expect("a table");
    }
    let case = "name = \"in arrears\"\nas_of = \"2026-11-22\"\n\
        request = { product = \"loan\", amount = 1_000_00, term = 6 }\n\
        [answers]\nage = 40\nhousing = \"own\"\ncar = true\nincome = 900_00\ndebts = 800_00\n\
        [expect]\neligibility = \"not_eligible\"\n";
    fs::write(folder.path().join("cases/one.toml"), case).expect("written");
    folder
}

#[test]
fn an_early_warning_has_a_level_and_no_offers() {
    let folder = early_warning();
    let case = folder.path().join("cases/one.toml");
    let said = expect(NO, &["explain", shown(folder.path()), shown(&case)]);
    assert!(
        said.contains("Result of the early warning: lend no more"),
        "{said}"
    );
    assert!(
        said.contains("The loan: Loan, ¥1,000 over 6 months"),
        "{said}"
    );
    assert!(
        !said.contains("Offers") && !said.contains("Limit"),
        "{said}"
    );
    let tested = expect(YES, &["test", shown(folder.path())]);
    assert!(tested.contains("alerts 2 of 3"), "{tested}");
    assert!(!tested.contains("products"), "{tested}");
    let poor = expect(YES, &["eval", shown(folder.path()), "poor", shown(&case)]);
    assert!(poor.starts_with("alert poor = true, it fires"), "{poor}");
}

/// What is certain, what is not, and who receives it, of a policy with a fee and discounts.
#[test]
fn an_offer_is_told_with_all_that_it_costs() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/wage-earner");
    let case = folder.join("cases/new-job.toml");
    for (lang, said) in [
        (
            "en",
            [
                "discount: Always paid on time",
                "Guarantee fee: ¥50 with each of 12 instalments, ¥600 in all, to the guarantee company",
                "overdue money bears 17.55% a year, misused money 23.4%",
                "paying early costs nothing",
                "Everyday loan, 12 months, fits best: of those otherwise alike it costs least",
            ],
        ),
        (
            "zh-CN",
            [
                "优惠：一直按时还款",
                "担保费：每期 50 元，共 12 期 600 元，收取方：担保公司",
                "逾期部分年利率 17.55%，挪作他用部分年利率 23.4%",
                "提前还款不收费",
                "较合适：日用贷，12 个月，条件相同的方案里总费用最低",
            ],
        ),
    ] {
        let account = expect(
            YES,
            &["explain", shown(&folder), shown(&case), "--lang", lang],
        );
        for line in said {
            assert!(account.contains(line), "{line}\n{account}");
        }
    }
}
