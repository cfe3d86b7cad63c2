//! Telling those who asked: messages to servers, put on their way by the transaction that publishes; a letter a day to
//! mailboxes. What fails is tried again by schedule, and what nobody takes becomes a dead letter.

use super::{Refusal, Repository};
use crate::expiry::{self, Ending};
use crate::feeds::address::Reach;
use crate::feeds::delivery::{Delivery, Jitter, Next};
use crate::feeds::mail::{MailError, Mailer, letter, notice};
use crate::feeds::send::Courier;
use crate::feeds::signature::{Secret, Signer};
use crate::feeds::webhook::payload;
use crate::feeds::{GIVEN_UP, Interest, News, digest};
use crate::store::subscription::{self, Channel, Subscription};
use crate::store::{self, audit, db::Run, edition};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// Messages that are sent in one round.
const AT_ONCE: u64 = 20;
/// How long a message is one server's; longer than sending takes.
const LEASE: SignedDuration = SignedDuration::from_secs(120);
/// News that a day's letter looks through.
const MOST_NEWS: u64 = 2_000;

impl Repository {
    /// Puts messages on their way to all servers that want to hear of an edition.
    pub(super) async fn announce(&self, tx: &mut dyn Run, news: &News) -> Result<(), Refusal> {
        for one in subscription::all(tx).await?.into_iter().filter(|s| s.channel == Channel::Webhook) {
            if let Some(picked) = one.interest.picks(news) {
                let delivery = Delivery::new(&one.id, &news.edition, &one.address, news.published);
                let shown = format!("{}/v1/editions/{}", self.address, news.edition);
                subscription::send(tx, &delivery, payload(&picked, &shown)).await?;
            }
        }
        Ok(())
    }

    /// Sends messages that are due. Returns how many were tried.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] where the database does not answer.
    pub async fn deliver(&self, courier: &Courier) -> Result<u64, Refusal> {
        let now = self.clock.now();
        let due = {
            let mut tx = self.db.write().await?;
            let due = subscription::take_due(&mut *tx, now, now + LEASE, AT_ONCE).await?;
            tx.commit().await?;
            due
        };
        let mut tried = 0;
        for (mut delivery, body, secret) in due {
            let signer: Signer = secret.parse().map_err(|_| Refusal::Unavailable("a kept secret is damaged".into()))?;
            let attempt = courier.send(&[signer], &delivery.id, &delivery.url, body, self.clock.now()).await;
            let attempt = attempt.map_err(|e| Refusal::Unavailable(e.to_string()))?;
            let now = self.clock.now();
            let next = delivery.after(&attempt, now, Jitter::from_random(chance()));
            let mut tx = self.db.write().await?;
            match next {
                Next::Done => subscription::settle(&mut *tx, &delivery, None, "delivered", None).await?,
                Next::RetryAt(at) => {
                    let failed = delivery.failed.clone().unwrap_or_default();
                    subscription::settle(&mut *tx, &delivery, Some(at), &failed, None).await?;
                }
                Next::Dead(why) => {
                    subscription::settle(&mut *tx, &delivery, None, &why.to_string(), Some(now)).await?;
                    if why.ends_subscription() {
                        subscription::end(&mut *tx, &delivery.subscription, now).await?;
                    }
                }
            }
            tx.commit().await?;
            tried += 1;
        }
        Ok(tried)
    }

    /// Sends each mailbox its letter about yesterday, once that day has ended everywhere we count days (UTC). Returns how many
    /// letters went out.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] where the database does not answer; a mail server that does not is asked again next time.
    pub async fn write_letters(&self, mailer: &dyn Mailer, from: &str) -> Result<u64, Refusal> {
        let now = self.clock.now();
        let today = now.to_zoned(TimeZone::UTC).date();
        let yesterday = today.saturating_sub(1.day());
        let (waiting, news, name) = {
            let mut tx = self.db.read().await?;
            let all = subscription::all(&mut *tx).await?;
            let waiting: Vec<Subscription> =
                all.into_iter().filter(|s| s.channel == Channel::Mail && s.told_until < yesterday).collect();
            if waiting.is_empty() {
                return Ok(0);
            }
            let kept = edition::newest(&mut *tx, None, MOST_NEWS).await?;
            let is_yesterday = |at: Timestamp| at.to_zoned(TimeZone::UTC).date() == yesterday;
            let mut news: Vec<News> = kept
                .into_iter()
                .filter(|k| k.published_at.is_some_and(is_yesterday))
                .filter_map(|k| serde_json::from_str(&k.news?).ok())
                .collect();
            let given_up = edition::given_up(&mut *tx, MOST_NEWS).await?;
            let given_up = given_up.iter().filter_map(|text| serde_json::from_str::<News>(text).ok());
            news.extend(given_up.filter(|news| news.kind == GIVEN_UP && is_yesterday(news.published)));
            (waiting, news, store::name(&mut *tx).await?.unwrap_or_default())
        };
        let mut sent = 0;
        for one in waiting {
            let picked: Vec<News> = news.iter().filter_map(|n| one.interest.picks(n)).collect();
            let leave = format!("{}/v1/subscriptions/{}/leave?by={}", self.address, one.id, one.secret);
            let editions = format!("{}/v1/editions/", self.address);
            if let Some(digest) = digest::digest(&name, &editions, &leave, yesterday, &picked) {
                let message = letter(&digest, from, &one.address, &leave, now);
                match async { mailer.send(message?).await }.await {
                    Ok(()) => sent += 1,
                    Err(error @ (MailError::Letter(_) | MailError::Refused(_))) => {
                        self.end_subscription(&one.id, "repository", &error.to_string()).await?;
                        continue;
                    }
                    Err(error) => {
                        tracing::warn!(%error, "a letter waits");
                        continue;
                    }
                }
            }
            let mut tx = self.db.write().await?;
            subscription::told(&mut *tx, &one.id, yesterday).await?;
            tx.commit().await?;
        }
        Ok(sent)
    }

    /// Writes to those who run the repository what runs out.
    ///
    /// # Errors
    /// [`MailError::Later`] where the mail server or the database does not answer; others where the letter can never be sent.
    pub async fn write_notice(
        &self,
        mailer: &dyn Mailer,
        from: &str,
        to: &str,
        endings: &[Ending],
    ) -> Result<(), MailError> {
        let later = |e: crate::store::db::DbError| MailError::Later(e.to_string());
        let name = {
            let mut tx = self.db.read().await.map_err(later)?;
            store::name(&mut *tx).await.map_err(later)?.unwrap_or_default()
        };
        mailer.send(notice(&expiry::letter(&name, endings), from, to, self.clock.now())?).await
    }

    /// Subscribes an address. Returns the subscription and, for a server, the secret by which it knows our messages: the only
    /// time it is seen.
    ///
    /// # Errors
    /// [`Refusal::Wrong`] where the address or the interest is none.
    pub async fn subscribe(
        &self,
        channel: Channel,
        address: &str,
        interest: Interest,
        reach: Reach,
        actor: &str,
    ) -> Result<(Subscription, Option<String>), Refusal> {
        interest.check().map_err(|e| Refusal::Wrong(e.to_string()))?;
        match channel {
            Channel::Webhook => {
                reach.check(address).map_err(|e| Refusal::Wrong(e.to_string()))?;
            }
            Channel::Mail if address.len() > 254 || address.parse::<lettre::Address>().is_err() => {
                return Err(Refusal::Wrong("this is no mail address".into()));
            }
            Channel::Mail => {}
        }
        let random = |e: &dyn std::fmt::Display| Refusal::Unavailable(e.to_string());
        let secret = match channel {
            Channel::Webhook => Secret::generate().map_err(|e| random(&e))?.to_text(),
            Channel::Mail => crate::key::hex(&numbers::<16>()?),
        };
        let now = self.clock.now();
        let one = Subscription {
            id: format!("sub_{}", crate::key::hex(&numbers::<12>()?)),
            channel,
            address: address.to_owned(),
            secret: secret.clone(),
            interest,
            made_at: now,
            ended_at: None,
            told_until: now.to_zoned(TimeZone::UTC).date().saturating_sub(1.day()),
        };
        let mut tx = self.db.write().await?;
        store::take_turn(&mut *tx).await?;
        subscription::add(&mut *tx, &one).await?;
        audit::note(&mut *tx, now, actor, "subscribe", &one.id, "").await?;
        tx.commit().await?;
        Ok((one, (channel == Channel::Webhook).then_some(secret)))
    }

    /// Ends a subscription. Returns whether there was one.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] where the database does not answer.
    pub async fn end_subscription(&self, id: &str, actor: &str, why: &str) -> Result<bool, Refusal> {
        let now = self.clock.now();
        let mut tx = self.db.write().await?;
        store::take_turn(&mut *tx).await?;
        let ended = subscription::end(&mut *tx, id, now).await?;
        if ended {
            audit::note(&mut *tx, now, actor, "unsubscribe", id, why).await?;
        }
        tx.commit().await?;
        Ok(ended)
    }
}

fn numbers<const N: usize>() -> Result<[u8; N], Refusal> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|e| Refusal::Unavailable(format!("no random numbers: {e}")))?;
    Ok(bytes)
}

fn chance() -> u16 {
    numbers::<2>().map_or(0, u16::from_le_bytes)
}
