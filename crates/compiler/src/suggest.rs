//! The nearest known word to a misspelt one.

/// A help text naming what was probably meant, or else all that is known.
pub(crate) fn help<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.collect();
    match nearest(word, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "there is none to name here".to_owned(),
        None => {
            let listed: Vec<String> = known.iter().take(16).map(|k| format!("`{k}`")).collect();
            let more = if known.len() > 16 { ", …" } else { "" };
            format!("known here: {}{more}", listed.join(", "))
        }
    }
}

/// The known word with the fewest changed characters, if they are few: at
/// most a third of the word.
///
/// ```
/// let known = ["score", "grade"];
/// assert_eq!(prequal_compiler::nearest("scor", known.into_iter()), Some("score"));
/// assert_eq!(prequal_compiler::nearest("limit", known.into_iter()), None);
/// ```
pub fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let most = (word.chars().count() / 3).max(1);
    known
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one
/// word into the other (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    let cell = |rows: &[Vec<usize>], i: usize, j: usize| {
        rows.get(i)
            .and_then(|row| row.get(j))
            .copied()
            .unwrap_or(usize::MAX / 2)
    };
    for i in 1..=a.len() {
        rows.push(vec![i]);
        for j in 1..=b.len() {
            let replaced = usize::from(a.get(i - 1) != b.get(j - 1));
            let mut least = (cell(&rows, i - 1, j) + 1)
                .min(cell(&rows, i, j - 1) + 1)
                .min(cell(&rows, i - 1, j - 1) + replaced);
            if i > 1 && j > 1 && a.get(i - 1) == b.get(j - 2) && a.get(i - 2) == b.get(j - 1) {
                least = least.min(cell(&rows, i - 2, j - 2) + 1);
            }
            if let Some(row) = rows.last_mut() {
                row.push(least);
            }
        }
    }
    cell(&rows, a.len(), b.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_recognised_and_another_word_is_not() {
        let known = ["bands", "floor", "ceil", "groups"];
        let check = |word, expected| {
            assert_eq!(nearest(word, known.iter().copied()), expected, "{word}");
        };
        check("band", Some("bands"));
        check("bnads", Some("bands"));
        check("flor", Some("floor"));
        check("exact", None);
        check("x", None);
    }
}
