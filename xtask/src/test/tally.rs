//! Counts of tests, read from the closing lines of the runners.

use std::fmt;
use std::ops::Add;

/// How many tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    passed: u64,
    failed: u64,
}

impl Tally {
    pub(super) fn passed(passed: u64) -> Self {
        Self { passed, failed: 0 }
    }

    pub(super) fn failed(failed: u64) -> Self {
        Self { passed: 0, failed }
    }

    pub(super) fn is_green(self) -> bool {
        self.failed == 0
    }

    pub(super) fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// Sums every closing line in a runner's output: cargo's `test result: ok. 3 passed; 0 failed; …` and the
    /// `ℹ pass 3` and `ℹ fail 0` of node's spec reporter.
    pub(super) fn read(output: &str) -> Self {
        output
            .lines()
            .map(Self::read_line)
            .fold(Self::default(), Add::add)
    }

    fn read_line(line: &str) -> Self {
        if let Some(rest) = line.strip_prefix("test result: ") {
            let count = |word: &str| {
                let before = rest.split(word).next().unwrap_or_default();
                before
                    .split_whitespace()
                    .next_back()
                    .and_then(|digits| digits.parse().ok())
                    .unwrap_or(0)
            };
            return Self {
                passed: count(" passed"),
                failed: count(" failed"),
            };
        }
        let number = |prefix| {
            line.strip_prefix(prefix)
                .and_then(|digits: &str| digits.trim().parse().ok())
        };
        Self {
            passed: number("ℹ pass ").unwrap_or(0),
            failed: number("ℹ fail ").unwrap_or(0),
        }
    }
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn reads_the_closing_lines_of_cargo_and_node() {
        let output = "running 2 tests\n\
                      test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
                      test result: FAILED. 10 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out\n\
                      ℹ pass 7\nℹ fail 1\nℹ cancelled 0\n";
        assert_eq!(
            Tally::read(output),
            Tally {
                passed: 19,
                failed: 4
            }
        );
    }

    #[test]
    fn counts_nothing_in_other_lines() {
        assert!(Tally::read("5 passed in words\npass 3\n").is_empty());
    }
}
