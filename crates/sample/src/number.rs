//! Drawing numbers.

use fastrand::Rng;

/// A number between two, near an end as often as not.
pub fn between(random: &mut Rng, low: i128, high: i128) -> i128 {
    if low >= high {
        return low;
    }
    match random.u8(..8) {
        0 => low,
        1 => high,
        2 => random.i128(low..=high.min(low + 3)),
        // Round numbers stand on more edges.
        3 | 4 => {
            let scale = 10_i128.pow(random.u32(1..7));
            let value = random.i128(low..=high).div_euclid(scale) * scale;
            value.clamp(low, high)
        }
        _ => random.i128(low..=high),
    }
}

/// Whether something happens once in so many times.
pub fn once_in(random: &mut Rng, times: u32) -> bool {
    random.u32(..times) == 0
}
