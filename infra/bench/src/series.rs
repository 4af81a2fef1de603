//! Numbers of the same kind, and what is said of them.

/// Measurements of one kind.
#[derive(Clone, Debug, Default)]
pub struct Series(Vec<f64>);

impl Series {
    /// One more.
    pub fn push(&mut self, value: f64) {
        self.0.push(value);
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The least that this share of them (0 to 1) does not exceed: the nearest rank, so that it is one of them. Zero
    /// where there is none.
    #[must_use]
    pub fn at(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let rank = (share.clamp(0.0, 1.0) * sorted.len() as f64).ceil() as usize;
        sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
    }

    /// Half of them do not exceed it.
    #[must_use]
    pub fn median(&self) -> f64 {
        self.at(0.5)
    }

    /// The greatest.
    #[must_use]
    pub fn max(&self) -> f64 {
        self.at(1.0)
    }

    /// With those of another one.
    pub fn extend(&mut self, other: &Self) {
        self.0.extend_from_slice(&other.0);
    }
}

impl FromIterator<f64> for Series {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::float_cmp)]
    use super::*;

    #[test]
    fn shares_are_of_what_was_measured_in_whatever_order() {
        let series: Series = (1..=100).rev().map(f64::from).collect();
        assert_eq!((series.median(), series.at(0.9), series.at(0.99), series.max()), (50.0, 90.0, 99.0, 100.0));
        let few: Series = [3.0, 1.0, 2.0].into_iter().collect();
        assert_eq!((few.median(), few.at(0.9), few.at(0.0)), (2.0, 3.0, 1.0));
    }

    #[test]
    fn nothing_measured_is_zero() {
        assert_eq!(Series::default().median(), 0.0);
    }
}
