//! Sharing a sum so that the parts add up to it exactly.

use crate::decimal::{Decimal, NumberError, RoundingMode};

/// Shares `total` by `weights` in whole multiples of `unit`, the largest remainders first; equal shares where all
/// weights are zero. What is not a whole multiple of `unit` goes to the first part with weight. `parts` is overwritten.
///
/// The parts always sum to `total`.
///
/// # Errors
/// [`NumberError::TooLarge`] if a sum does not fit.
pub(crate) fn apportion_into(
    total: Decimal,
    weights: &[Decimal],
    unit: Decimal,
    parts: &mut Vec<Decimal>,
) -> Result<(), NumberError> {
    parts.clear();
    if weights.is_empty() {
        return Ok(());
    }
    let mut sum = Decimal::ZERO;
    for weight in weights {
        sum = sum.plus(*weight)?;
    }
    let equal = sum.is_zero();
    let (mut given, whole) = (Decimal::ZERO, if equal { Decimal::from_int(weights.len() as i64) } else { sum });
    for weight in weights {
        let weight = if equal { Decimal::ONE } else { *weight };
        let part = total.scaled(weight, whole)?.rounded(RoundingMode::Down, unit)?;
        given = given.plus(part)?;
        parts.push(part);
    }
    let mut left = total.minus(given)?;
    // Hand out whole units by largest remainder; ties go to the earlier part.
    let step = if left.is_negative() { Decimal::ZERO.minus(unit)? } else { unit };
    let magnitude = |d: Decimal| d.units().unsigned_abs();
    while magnitude(left) >= magnitude(unit) && !unit.is_zero() {
        let mut best = 0;
        let mut best_gap: Option<Decimal> = None;
        for (at, weight) in weights.iter().enumerate() {
            let weight = if equal { Decimal::ONE } else { *weight };
            let exact = total.scaled(weight, whole)?;
            let gap = exact.minus(parts[at])?;
            let gap = if left.is_negative() { Decimal::ZERO.minus(gap)? } else { gap };
            if best_gap.is_none_or(|b| gap > b) {
                best_gap = Some(gap);
                best = at;
            }
        }
        parts[best] = parts[best].plus(step)?;
        left = left.minus(step)?;
    }
    if !left.is_zero() {
        let at = weights.iter().position(|w| !w.is_zero()).unwrap_or(0);
        parts[at] = parts[at].plus(left)?;
    }
    Ok(())
}

/// [`apportion_into`] with a new list.
pub(crate) fn apportion(total: Decimal, weights: &[Decimal], unit: Decimal) -> Result<Vec<Decimal>, NumberError> {
    let mut parts = Vec::with_capacity(weights.len());
    apportion_into(total, weights, unit, &mut parts)?;
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn d(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn thirds_of_a_unit_add_up() {
        let parts = apportion(d("1.00"), &[d("1"), d("1"), d("1")], d("0.01")).unwrap();
        assert_eq!(parts, vec![d("0.34"), d("0.33"), d("0.33")]);
        // The 999.99 of 1,000 that others show.
        let parts = apportion(d("1000"), &[d("333"), d("333"), d("333")], d("0.01")).unwrap();
        assert_eq!(parts.iter().fold(Decimal::ZERO, |s, p| s.plus(*p).unwrap()), d("1000"));
    }

    #[test]
    fn nothing_to_weigh_by_means_equal_parts() {
        assert_eq!(apportion(d("3"), &[Decimal::ZERO, Decimal::ZERO], d("0.01")).unwrap(), vec![d("1.5"), d("1.5")]);
    }

    proptest! {
        #[test]
        fn parts_sum(total in 0i64..1_000_000_000, weights in prop::collection::vec(0i64..1_000_000, 1..20), fine in any::<bool>()) {
            let total = Decimal::from_units(i128::from(total) * 10_000_000_000 + i128::from(total % 7));
            let weights: Vec<Decimal> = weights.into_iter().map(Decimal::from_int).collect();
            let unit = if fine { Decimal::from_units(1) } else { Decimal::ten_to_minus(2) };
            let parts = apportion(total, &weights, unit).unwrap();
            prop_assert_eq!(parts.iter().fold(Decimal::ZERO, |s, p| s.plus(*p).unwrap()), total);
            prop_assert!(parts.iter().all(|p| !p.is_negative()));
        }
    }
}
