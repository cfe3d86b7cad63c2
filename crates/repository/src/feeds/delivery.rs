//! When a message is sent again, and when no more. Nothing is sent here, and no clock is read: the time and the chance come
//! from the caller.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Seconds from one attempt to the next: the schedule of the Standard Webhooks specification. With the first it makes ten
/// attempts in a little more than three days.
pub const DELAYS_SECONDS: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// The longest that a receiver may ask us to wait (`Retry-After`), in seconds.
pub const MOST_WAIT_SECONDS: i64 = 86_400;

/// A message on its way to one subscriber.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// Id of the message: [`super::webhook::message_id`].
    pub id: String,
    /// Subscription it is for.
    pub subscription: String,
    /// SHA-256 of the edition it tells of.
    pub edition: String,
    /// Address it is sent to.
    pub url: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried next.
    pub next_at: Timestamp,
    /// What came of the last attempt, where that failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempt {
    /// The receiver answered.
    Answered {
        /// HTTP status.
        status: u16,
        /// How long it asks us to wait, in seconds.
        retry_after_seconds: Option<u64>,
    },
    /// It could not be reached, or did not answer in time: in words.
    Failed(String),
    /// Nothing may be sent to this address: in words.
    Forbidden(String),
}

/// What happens next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// It arrived.
    Done,
    /// It is sent again then.
    RetryAt(Timestamp),
    /// It is not sent again: put it on the list of dead letters.
    Dead(Dead),
}

/// Why a message is not sent again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Dead {
    /// The receiver wants no more messages: end the subscription.
    #[error("the receiver answered 410 Gone: it wants no more messages, so the subscription ends")]
    Gone,
    /// Nothing may be sent there: end the subscription.
    #[error("nothing may be sent to this address, so the subscription ends: {0}")]
    Forbidden(String),
    /// All attempts of the schedule failed.
    #[error("tried {attempts} times over three days without success; the last time: {last}")]
    GivenUp {
        /// How often.
        attempts: u32,
        /// What came of the last.
        last: String,
    },
}

impl Dead {
    /// Whether nothing more may be sent to this subscriber.
    pub const fn ends_subscription(&self) -> bool {
        matches!(self, Self::Gone | Self::Forbidden(_))
    }
}

/// Chance, so that many messages that failed together are not all sent again together: 0 to 1,000 thousandths of a tenth of
/// the delay, added to it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Jitter(u16);

impl Jitter {
    /// From a random number.
    pub const fn from_random(number: u16) -> Self {
        Self(number % 1_001)
    }

    fn on(self, seconds: i64) -> SignedDuration {
        SignedDuration::from_millis(seconds * 1_000 + seconds * i64::from(self.0) / 10)
    }
}

impl Delivery {
    /// A message to be sent at once.
    pub fn new(subscription: &str, edition: &str, url: &str, now: Timestamp) -> Self {
        Self {
            id: super::webhook::message_id(subscription, edition),
            subscription: subscription.to_owned(),
            edition: edition.to_owned(),
            url: url.to_owned(),
            attempts: 0,
            next_at: now,
            failed: None,
        }
    }

    /// Counts an attempt and says what happens next. 200 to 299 is success; all else is failure, redirections too; 410 ends the
    /// subscription. A receiver that asks us to wait longer than the schedule (`Retry-After`) is given up to a day.
    pub fn after(&mut self, attempt: &Attempt, now: Timestamp, jitter: Jitter) -> Next {
        self.attempts = self.attempts.saturating_add(1);
        let (last, asked) = match attempt {
            Attempt::Answered { status: 200..=299, .. } => {
                self.failed = None;
                return Next::Done;
            }
            Attempt::Answered { status: 410, .. } => return self.dead(Dead::Gone),
            Attempt::Forbidden(why) => return self.dead(Dead::Forbidden(why.clone())),
            Attempt::Answered { status, retry_after_seconds } => (answered(*status), *retry_after_seconds),
            Attempt::Failed(why) => (why.clone(), None),
        };
        let tried = usize::try_from(self.attempts).unwrap_or(usize::MAX);
        let Some(delay) = DELAYS_SECONDS.get(tried - 1) else {
            return self.dead(Dead::GivenUp { attempts: self.attempts, last });
        };
        let asked = asked.map_or(0, |seconds| i64::try_from(seconds).unwrap_or(i64::MAX).min(MOST_WAIT_SECONDS));
        let wait = jitter.on((*delay).max(asked));
        self.failed = Some(last);
        self.next_at = now.checked_add(wait).unwrap_or(Timestamp::MAX);
        Next::RetryAt(self.next_at)
    }

    fn dead(&mut self, why: Dead) -> Next {
        self.failed = Some(why.to_string());
        Next::Dead(why)
    }
}

fn answered(status: u16) -> String {
    match status {
        300..=399 => {
            format!("the receiver answered {status}: redirections are not followed, so give the new address instead")
        }
        _ => format!("the receiver answered {status}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: i64 = 1_800_000_000;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn answered(status: u16) -> Attempt {
        Attempt::Answered { status, retry_after_seconds: None }
    }

    fn new() -> Delivery {
        Delivery::new("subscription-7", "ab", "https://shop.example/hooks", at(START))
    }

    /// The times since the start are those of the table in the specification.
    #[test]
    fn the_schedule_is_that_of_the_specification() {
        let since_start = [5, 305, 2_105, 9_305, 27_305, 63_305, 113_705, 185_705, 272_105];
        let mut delivery = new();
        assert_eq!((delivery.attempts, delivery.next_at), (0, at(START)));
        for (seconds, attempt) in since_start.into_iter().zip(1..) {
            let now = delivery.next_at;
            assert_eq!(delivery.after(&answered(500), now, Jitter::default()), Next::RetryAt(at(START + seconds)));
            assert_eq!((delivery.attempts, delivery.next_at), (attempt, at(START + seconds)));
        }
        let last = Dead::GivenUp { attempts: 10, last: "the receiver answered 500".into() };
        let now = delivery.next_at;
        assert_eq!(delivery.after(&answered(500), now, Jitter::default()), Next::Dead(last.clone()));
        assert!(!last.ends_subscription());
        assert_eq!(
            delivery.failed.unwrap(),
            "tried 10 times over three days without success; the last time: the receiver answered 500"
        );
    }

    #[test]
    fn each_answer_has_its_consequence() {
        for status in [200, 202, 204, 299] {
            assert_eq!(new().after(&answered(status), at(START), Jitter::default()), Next::Done);
        }
        // Redirections are failures like others: 199 and 300 are the bounds of success.
        for status in [199, 300, 301, 308, 400, 404, 429, 500, 502, 504] {
            assert_eq!(
                new().after(&answered(status), at(START), Jitter::default()),
                Next::RetryAt(at(START + 5)),
                "{status}"
            );
        }
        let mut gone = new();
        assert_eq!(gone.after(&answered(410), at(START), Jitter::default()), Next::Dead(Dead::Gone));
        assert!(Dead::Gone.ends_subscription());
        let forbidden = Attempt::Forbidden("no".into());
        assert_eq!(new().after(&forbidden, at(START), Jitter::default()), Next::Dead(Dead::Forbidden("no".into())));
        assert!(Dead::Forbidden("no".into()).ends_subscription());
        let failed = Attempt::Failed("no connection".into());
        let mut delivery = new();
        assert_eq!(delivery.after(&failed, at(START), Jitter::default()), Next::RetryAt(at(START + 5)));
        assert_eq!(delivery.failed.as_deref(), Some("no connection"));
        assert_eq!(delivery.after(&answered(200), at(START + 5), Jitter::default()), Next::Done);
        assert_eq!(delivery.failed, None);
    }

    #[test]
    fn a_receiver_may_ask_for_more_time_and_not_for_less_or_for_ever() {
        let wait = |seconds| {
            let attempt = Attempt::Answered { status: 503, retry_after_seconds: Some(seconds) };
            new().after(&attempt, at(START), Jitter::default())
        };
        assert_eq!(wait(120), Next::RetryAt(at(START + 120)));
        assert_eq!(wait(1), Next::RetryAt(at(START + 5)));
        assert_eq!(wait(u64::MAX), Next::RetryAt(at(START + 86_400)));
    }

    #[test]
    fn jitter_lengthens_a_delay_by_a_tenth_at_most() {
        let wait = |jitter| {
            let mut delivery = new();
            delivery.attempts = 1;
            delivery.after(&answered(500), at(START), jitter)
        };
        assert_eq!(wait(Jitter::from_random(0)), Next::RetryAt(at(START + 300)));
        assert_eq!(wait(Jitter::from_random(500)), Next::RetryAt(at(START + 315)));
        assert_eq!(wait(Jitter::from_random(1_000)), Next::RetryAt(at(START + 330)));
        assert_eq!(wait(Jitter::from_random(1_001)), Next::RetryAt(at(START + 300)));
    }

    #[test]
    fn a_delivery_is_kept_as_json() {
        let mut delivery = new();
        delivery.after(&answered(500), at(START), Jitter::default());
        let text = serde_json::to_string(&delivery).unwrap();
        assert_eq!(serde_json::from_str::<Delivery>(&text).unwrap(), delivery);
    }

    #[test]
    fn the_clock_may_be_at_its_end() {
        assert_eq!(new().after(&answered(500), Timestamp::MAX, Jitter::default()), Next::RetryAt(Timestamp::MAX));
    }
}
