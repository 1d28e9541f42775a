//! Changes to inputs, drawn from a seed; not guided by anything.

use fastrand::Rng;

use crate::MAX_INPUT;

/// The most changes of one input.
const MOST: usize = 6;

/// The longest run of bytes that one change takes away or writes twice.
const RUN: usize = 24;

/// Words that mean something in some input.
const WORDS: [&str; 48] = [
    "",
    " ",
    "\n",
    "\r\n",
    "\"",
    "'",
    "\"\"\"",
    "'''",
    "[",
    "]",
    "[[",
    "]]",
    "(",
    ")",
    "{",
    "}",
    ",",
    ".",
    "..",
    "=",
    "==",
    "<=",
    "#",
    "-",
    "%",
    "\\",
    "\\u0000",
    "é",
    "额",
    "\u{feff}",
    "0",
    "-1",
    "9007199254740991",
    "9007199254740992",
    "1e9",
    "0.0000001",
    "null",
    "true",
    "if a then ",
    " else ",
    " in ",
    "not ",
    "missing",
    "unseen",
    "amount",
    "score",
    "min(",
    "== policy.toml\n",
];

/// Inputs made of others: the same ones for the same seed.
#[derive(Debug)]
pub struct Mutations {
    from: Vec<Vec<u8>>,
    random: Rng,
}

impl Mutations {
    /// From these inputs.
    pub fn new(from: Vec<Vec<u8>>, seed: u64) -> Mutations {
        Mutations {
            from,
            random: Rng::with_seed(seed),
        }
    }

    fn any(&mut self) -> Vec<u8> {
        self.random.choice(&self.from).cloned().unwrap_or_default()
    }

    /// A stretch of an input, up to so many bytes.
    fn stretch(&mut self, input: &[u8], most: usize) -> std::ops::Range<usize> {
        let start = self.random.usize(..=input.len());
        let end = (start + self.random.usize(..=most)).min(input.len());
        start..end
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let here = self.stretch(input, RUN);
        match self.random.u8(..7) {
            0 => {
                input.drain(here);
            }
            1 => {
                let twice = input.get(here.clone()).unwrap_or_default().to_vec();
                input.splice(here.start..here.start, twice);
            }
            2 | 3 => {
                let word = self.random.choice(WORDS).unwrap_or_default();
                let end = if self.random.bool() {
                    here.end
                } else {
                    here.start
                };
                input.splice(here.start..end, word.bytes());
            }
            4 => {
                let other = self.any();
                let part = self.stretch(&other, 8 * RUN);
                let part = other.get(part).unwrap_or_default().to_vec();
                input.splice(here, part);
            }
            5 => {
                let byte = self.random.u8(..);
                if let Some(at) = input.get_mut(here.start) {
                    *at = byte;
                }
            }
            _ => {
                let bit = 1 << self.random.u8(..8);
                if let Some(at) = input.get_mut(here.start) {
                    *at ^= bit;
                }
            }
        }
    }
}

impl Iterator for Mutations {
    type Item = Vec<u8>;

    /// Never ends.
    fn next(&mut self) -> Option<Vec<u8>> {
        let mut input = self.any();
        for _ in 0..self.random.usize(1..=MOST) {
            self.change(&mut input);
        }
        input.truncate(MAX_INPUT);
        Some(input)
    }
}
