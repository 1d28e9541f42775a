//! Sources with their overlong lines cut around what is marked in them.

use std::borrow::Cow;
use std::ops::Range;

/// The most characters of a line that are shown.
const WIDEST: usize = 160;

/// How many of them stand before what is marked.
const BEFORE: usize = 60;

/// A source to be shown.
pub(crate) struct Excerpt<'a> {
    pub(crate) text: Cow<'a, str>,
    /// What was kept of the source, in order, and where it went.
    kept: Vec<(Range<usize>, usize)>,
}

impl<'a> Excerpt<'a> {
    /// A source with these marks; every line keeps its number.
    pub(crate) fn new(text: &'a str, marks: &[Range<usize>]) -> Excerpt<'a> {
        if !text.lines().any(is_long) {
            return Excerpt {
                text: Cow::Borrowed(text),
                kept: vec![(0..text.len(), 0)],
            };
        }
        let (mut cut, mut kept, mut start) = (String::new(), Vec::new(), 0);
        for line in text.split_inclusive('\n') {
            let end = start + line.len();
            let mut marked = marks.iter().map(|mark| mark.start);
            let marked = marked.find(|mark| (start..end).contains(mark));
            let body = line.trim_end_matches(['\r', '\n']);
            let window = window(body, marked.map_or(0, |mark| mark - start));
            if window.start > 0 {
                cut.push('…');
            }
            kept.push((start + window.start..start + window.end, cut.len()));
            cut.push_str(body.get(window.clone()).unwrap_or_default());
            if window.end < body.len() {
                cut.push('…');
            }
            kept.push((start + body.len()..end, cut.len()));
            cut.push_str(line.get(body.len()..).unwrap_or_default());
            start = end;
        }
        Excerpt {
            text: Cow::Owned(cut),
            kept,
        }
    }

    /// A mark's place in what is shown.
    pub(crate) fn mark(&self, mark: &Range<usize>) -> Range<usize> {
        let place = |at: usize| {
            let mut before = self.kept.iter().rev();
            let kept = before.find(|(source, _)| source.start <= at);
            kept.map_or(0, |(source, shown)| {
                shown + at.min(source.end) - source.start
            })
        };
        place(mark.start)..place(mark.end)
    }
}

fn is_long(line: &str) -> bool {
    line.chars().nth(WIDEST).is_some()
}

/// The part of a line that is shown around a place in it.
fn window(line: &str, at: usize) -> Range<usize> {
    if !is_long(line) {
        return 0..line.len();
    }
    let before = line.get(..at).unwrap_or_default();
    let start = before.char_indices().rev().nth(BEFORE - 1);
    let start = start.map_or(0, |(start, _)| start);
    let rest = line.get(start..).unwrap_or_default();
    let end = rest.char_indices().nth(WIDEST);
    start..end.map_or(line.len(), |(end, _)| start + end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_cut_around_its_mark() {
        let long = format!("# {}的{}\n", "a".repeat(300), "b".repeat(300));
        let text = format!("first\n{long}last = 1\n");
        let at = text.find('的').unwrap();
        let last = text.find("last").unwrap();
        let marks = [at..at + 3, last..last + 4];
        let excerpt = Excerpt::new(&text, &marks);
        let shown: Vec<&str> = excerpt.text.lines().collect();
        let [first, line, end] = shown.as_slice() else {
            panic!("{shown:?}");
        };
        assert_eq!((*first, *end), ("first", "last = 1"));
        let expected = format!("…{}的{}…", "a".repeat(60), "b".repeat(99));
        assert_eq!(*line, expected);
        let marked = marks
            .each_ref()
            .map(|mark| excerpt.text.get(excerpt.mark(mark)));
        assert_eq!(marked, [Some("的"), Some("last")]);
    }

    #[test]
    fn short_lines_stay() {
        let text = "a = 1\r\nb = 2";
        let excerpt = Excerpt::new(text, &[0..1, 7..8]);
        assert_eq!(excerpt.text, text);
        assert_eq!(excerpt.mark(&(7..8)), 7..8);
    }
}
