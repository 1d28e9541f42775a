//! Work in pieces, over all cores.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use anyhow::Result;

/// So many cases in shares of at most `most`: how many each has, and the seed of its own that it is drawn from.
pub(crate) fn shares(cases: u64, most: u64, seed: u64) -> impl Iterator<Item = (u64, u64)> {
    (0..cases.div_ceil(most))
        .map(move |number| (most.min(cases - number * most), seed.wrapping_add(number)))
}

/// Does every piece, as many at once as there are cores; `done` sees each result as it comes, with its piece.
///
/// # Errors
/// The first that a piece or `done` gives; no piece is begun after it.
pub(crate) fn each<P: Sync, T: Send>(
    pieces: &[P],
    work: impl Fn(&P) -> Result<T> + Sync,
    mut done: impl FnMut(&P, T) -> Result<()>,
) -> Result<()> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let next = AtomicUsize::new(0);
    let (send, receive) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..cores {
            let (send, next, work) = (send.clone(), &next, &work);
            scope.spawn(move || {
                while let Some(piece) = pieces.get(next.fetch_add(1, Ordering::Relaxed)) {
                    // Nobody listens once something went wrong.
                    if send.send((piece, work(piece))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(send);
        let ended = receive
            .iter()
            .try_for_each(|(piece, result)| done(piece, result?));
        drop(receive);
        ended
    })
}
