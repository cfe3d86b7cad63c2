//! Applications: new registrations, changes and ends, from the day they are sent to the decision.

use super::authority::{Authority, Held, authority, read_held};
use super::permission::{Caller, Operation, Role};
use super::{Error, Service, json, kept, log, some, written};
use crate::apply::{Answers, Beside, Check, Decision, FIRST_DAY, Fault, Form, Wrong};
use crate::event::{Event, Registration};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tidewaiter_repository::store::db::{Row, Run};
use tidewaiter_repository::store::moment;
use tidewaiter_repository::values;

/// Longest word of an officer.
const LONGEST_SAYS: usize = 2000;

/// How many years before and after a day a registration may begin: no law's limit, but none is older.
const YEARS: (i64, i64) = (40, 10);

/// What an application is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A registration.
    New,
    /// Other particulars.
    Change,
    /// The end of a registration.
    End,
}

/// Where an application stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// With the authority.
    Sent,
    /// The authority asks something.
    Asked,
    /// Taken.
    Accepted,
    /// Not taken.
    Refused,
    /// The seller took it back.
    Withdrawn,
}

impl Kind {
    const ALL: [(Self, &'static str); 3] = [(Self::New, "new"), (Self::Change, "change"), (Self::End, "end")];

    /// As it is written.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(one, _)| *one == self).map_or("", |(_, word)| word)
    }

    fn of(word: &str) -> Result<Self, Error> {
        Self::ALL
            .iter()
            .find(|(_, one)| *one == word)
            .map(|(kind, _)| *kind)
            .ok_or_else(|| Error::Inside(format!("kind {word}")))
    }
}

impl State {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Sent, "sent"),
        (Self::Asked, "asked"),
        (Self::Accepted, "accepted"),
        (Self::Refused, "refused"),
        (Self::Withdrawn, "withdrawn"),
    ];

    /// As it is written.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(one, _)| *one == self).map_or("", |(_, word)| word)
    }

    fn of(word: &str) -> Result<Self, Error> {
        Self::ALL
            .iter()
            .find(|(_, one)| *one == word)
            .map(|(state, _)| *state)
            .ok_or_else(|| Error::Inside(format!("state {word}")))
    }

    /// Whether nothing was decided yet.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Sent | Self::Asked)
    }
}

/// What a seller asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// What it is for.
    pub kind: Kind,
    /// What was written into the form; nothing for an end.
    #[serde(default)]
    pub answers: Answers,
    /// For a new registration the first day it shall hold, where the form does not ask for one: today when absent. For an end the first day it no longer holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub day: Option<Date>,
}

/// An application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Application {
    /// Its number.
    pub id: String,
    /// Whose it is.
    pub seller: String,
    /// To which authority.
    pub authority: String,
    /// What it is for.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// What was written.
    pub answers: Answers,
    /// The form it was written for.
    pub form_version: u64,
    /// When it was sent.
    pub sent_at: String,
    /// The day from which it shall hold, or no longer hold.
    #[schemars(with = "String")]
    pub day: Date,
    /// When it was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<String>,
    /// By whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<String>,
    /// What the authority says: why not, or what it asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
    /// The number that was issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
}

/// What an officer decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "decision", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Verdict {
    /// It is taken.
    Accept {
        /// The number; made by the pattern of the form when absent.
        #[serde(default)]
        number: Option<String>,
        /// The first day it holds; the one asked for when absent.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        from: Option<Date>,
    },
    /// It is not taken.
    Refuse {
        /// Why.
        says: String,
    },
    /// Something is missing.
    Ask {
        /// What.
        says: String,
    },
}

const COLUMNS: &str = "SELECT id, seller, authority, kind, state, answers, form_version, sent_at, first_day, decided_at, decided_by, says, number FROM application";

fn read(mut row: Row) -> Result<Application, Error> {
    Ok(Application {
        id: row.text()?,
        seller: row.text()?,
        authority: row.text()?,
        kind: Kind::of(&row.text()?)?,
        state: State::of(&row.text()?)?,
        answers: json(&row.text()?)?,
        form_version: row.int()?,
        sent_at: row.text()?,
        day: kept(&row.text()?)?,
        decided_at: some(row.text()?),
        decided_by: some(row.text()?),
        says: some(row.text()?),
        number: some(row.text()?),
    })
}

impl Service {
    /// Sends an application. Where the authority decides at once it comes back decided.
    ///
    /// # Errors
    /// [`Error::Fields`] with everything that is wrong; [`Error::Stands`] where one waits already, or there is nothing to change or end.
    #[allow(clippy::too_many_arguments, reason = "who, whose, to whom, what, and when")]
    pub async fn apply(
        &self,
        caller: &Caller,
        seller: &str,
        to: &str,
        asked: &Asked,
        is_country: &(dyn Fn(&str) -> bool + Sync),
        now: Timestamp,
        today: Date,
    ) -> Result<Application, Error> {
        self.permit(caller, Operation::Apply, seller)?;
        let mut tx = log::turn(self.store.db()).await?;
        let to = authority(&mut *tx, to).await?;
        let registered = newest(&mut *tx, &to.id, seller).await?;
        match (asked.kind, &registered) {
            (Kind::Change | Kind::End, None) => {
                return Err(Error::Stands("you are not registered there; apply for a registration first".into()));
            }
            (Kind::End, Some(Held { before: Some(ended), .. })) if *ended <= today => {
                return Err(Error::Stands(format!("your registration ended on {ended} already")));
            }
            _ => {}
        }
        let answers = match asked.kind {
            Kind::End if asked.answers.is_empty() => Answers::new(),
            Kind::End => return Err(Error::Wrong(END_ALONE.into())),
            _ => self.checked(&mut *tx, &to, seller, &asked.answers, is_country, today).await?,
        };
        let day = day(asked, &to.form, &answers, registered.as_ref(), today)?;
        if asked.kind == Kind::New {
            begins(&mut *tx, &to, seller, day, today).await?;
        }
        let sql = "SELECT COUNT(*) FROM application WHERE seller = $1";
        let before = tx.first(sql, values![seller]).await?.map_or(Ok(0), |mut row| row.int())?;
        let mut made = Application {
            id: format!("{seller}-{}", before + 1),
            seller: seller.to_owned(),
            authority: to.id.clone(),
            kind: asked.kind,
            state: State::Sent,
            answers,
            form_version: to.form_version,
            sent_at: moment(now),
            day,
            decided_at: None,
            decided_by: None,
            says: None,
            number: None,
        };
        let sql = "SELECT id FROM application WHERE seller = $1 AND authority = $2 AND state IN ('sent', 'asked')";
        if let Some(mut waits) = tx.first(sql, values![seller, &to.id]).await? {
            return Err(Error::Stands(format!(
                "your application {} waits there already; withdraw it first",
                waits.text()?
            )));
        }
        let sql = "INSERT INTO application (id, seller, authority, kind, state, answers, form_version, sent_at, first_day, decided_at, decided_by, says, number)
                   VALUES ($1, $2, $3, $4, 'sent', $5, $6, $7, $8, '', '', '', '')";
        let values = values![
            &made.id,
            seller,
            &to.id,
            made.kind.word(),
            written(&made.answers)?,
            made.form_version,
            &made.sent_at,
            day.to_string()
        ];
        tx.change(sql, values).await?;
        log::note(&mut *tx, now, caller, "apply", seller, &format!("{} {} to {}", made.kind.word(), made.id, to.id))
            .await?;
        if to.form.decision == Decision::AtOnce && asked.kind != Kind::End {
            let checks = Caller {
                label: "the checks of the form".into(),
                role: Role::Officer,
                of: Some(to.id.clone()),
                token: String::new(),
            };
            self.accept(&mut *tx, &checks, &to, &mut made, None, None, now).await?;
        }
        tx.commit().await?;
        Ok(made)
    }

    /// What was written, checked by the form and against what others have.
    async fn checked(
        &self,
        tx: &mut dyn Run,
        to: &Authority,
        seller: &str,
        answers: &Answers,
        is_country: &(dyn Fn(&str) -> bool + Sync),
        today: Date,
    ) -> Result<Answers, Error> {
        let beside = Beside { identifiers: &self.identifiers, is_country, today };
        let answers = to.form.check(answers, &beside).map_err(Error::Fields)?;
        let wrong = self.taken(tx, to, seller, &answers).await?;
        if wrong.is_empty() { Ok(answers) } else { Err(Error::Fields(wrong)) }
    }

    /// What another registered seller has already, of what only one may have.
    async fn taken(
        &self,
        tx: &mut dyn Run,
        to: &Authority,
        seller: &str,
        answers: &Answers,
    ) -> Result<Vec<Wrong>, Error> {
        let unique: Vec<&str> = to
            .form
            .checks
            .iter()
            .filter(|check| matches!(check, Check::Unique { .. }))
            .map(Check::field)
            .filter(|field| answers.contains_key(*field))
            .collect();
        let mut wrong: Vec<Wrong> = Vec::new();
        if unique.is_empty() {
            return Ok(wrong);
        }
        let same = |other: &Answers, field: &str| {
            other.get(field).map(|text| alike(text)) == answers.get(field).map(|text| alike(text))
        };
        let sql = "SELECT answers FROM vendor WHERE authority = $1 AND seller <> $2";
        for mut row in tx.rows(sql, values![&to.id, seller]).await? {
            let other: Answers = json(&row.text()?)?;
            for field in unique.iter().filter(|field| same(&other, field)) {
                if !wrong.iter().any(|one| one.field == *field) {
                    wrong.push(Wrong::new(field, Fault::Taken));
                }
            }
        }
        Ok(wrong)
    }

    /// Decides on an application.
    ///
    /// # Errors
    /// [`Error::NotYours`], also for an application that there is not; [`Error::Stands`] where it is decided already; [`Error::Wrong`] for a number that
    /// cannot be right or is issued already.
    pub async fn decide(
        &self,
        caller: &Caller,
        id: &str,
        verdict: &Verdict,
        now: Timestamp,
    ) -> Result<Application, Error> {
        let mut tx = log::turn(self.store.db()).await?;
        let mut one = found(&mut *tx, id).await?.ok_or(Error::NotYours)?;
        self.permit(caller, Operation::Decide, &one.authority)?;
        if !one.state.is_open() {
            return Err(Error::Stands(format!("the application {id} is {} already", one.state.word())));
        }
        let to = authority(&mut *tx, &one.authority).await?;
        match verdict {
            Verdict::Accept { number, from } => {
                self.accept(&mut *tx, caller, &to, &mut one, number.as_deref(), *from, now).await?;
            }
            Verdict::Refuse { says } | Verdict::Ask { says } => {
                let unseen = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
                if says.trim().is_empty() || says.chars().count() > LONGEST_SAYS || says.chars().any(unseen) {
                    return Err(Error::Wrong(format!("say why, or what is asked, in 1 to {LONGEST_SAYS} characters")));
                }
                let refused = matches!(verdict, Verdict::Refuse { .. });
                one.state = if refused { State::Refused } else { State::Asked };
                one.says = Some(says.trim().to_owned());
                if refused {
                    one.decided_at = Some(moment(now));
                    one.decided_by = Some(caller.label.clone());
                }
                keep(&mut *tx, &one).await?;
                log::note(&mut *tx, now, caller, one.state.word(), &to.id, &one.id).await?;
            }
        }
        tx.commit().await?;
        Ok(one)
    }

    #[allow(clippy::too_many_arguments, reason = "an officer and the checks of a form share this")]
    async fn accept(
        &self,
        tx: &mut dyn Run,
        caller: &Caller,
        to: &Authority,
        one: &mut Application,
        number: Option<&str>,
        from: Option<Date>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let definition = self.definition(&to.scheme)?;
        let before = newest(&mut *tx, &to.id, &one.seller).await?;
        // Two may have waited with the same, and the form may be another than when this was written.
        if one.kind != Kind::End
            && let Some(wrong) = self.taken(&mut *tx, to, &one.seller, &one.answers).await?.first()
        {
            return Err(Error::Stands(format!(
                "another registered seller has the same {}; ask, or refuse",
                wrong.field
            )));
        }
        let event = |number: &str, from: Date, before: Option<Date>| Registration {
            document: format!("application {}", one.id),
            scheme: to.scheme.clone(),
            number: number.to_owned(),
            from,
            before,
            member_state: to.member_state.clone(),
            period: None,
        };
        let registration = match (one.kind, before) {
            (Kind::New, _) => {
                let from = from.unwrap_or(one.day);
                begins(&mut *tx, to, &one.seller, from, now.to_zoned(TimeZone::UTC).date()).await?;
                let number = match number {
                    Some(number) => self.right_number(&definition.scheme.number, number)?,
                    None => self.next_number(&mut *tx, to, definition).await?,
                };
                // Also one that no longer holds: parcels still carry it.
                let sql = "SELECT 1 FROM held WHERE authority = $1 AND number = $2 AND seller <> $3";
                if tx.first(sql, values![&to.id, &number, &one.seller]).await?.is_some() {
                    return Err(Error::Wrong(format!("the number {number} is issued already")));
                }
                one.number = Some(number.clone());
                Some(event(&number, from, to.form.until(from)))
            }
            (_, None) => return Err(Error::Stands("the seller is not registered any more".into())),
            (Kind::Change, Some(_)) => None,
            (Kind::End, Some(held)) => {
                let ends = from.unwrap_or(one.day);
                if ends <= held.from {
                    return Err(Error::Wrong(ends_too_early(held.from)));
                }
                Some(event(&held.number, held.from, Some(ends)))
            }
        };
        one.state = State::Accepted;
        one.decided_at = Some(moment(now));
        one.decided_by = Some(caller.label.clone());
        keep(&mut *tx, one).await?;
        if let Some(registration) = registration {
            let sql = "INSERT INTO vendor (authority, seller, number, first_day, before_day, answers, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
                       ON CONFLICT (authority, seller) DO UPDATE SET number = excluded.number, first_day = excluded.first_day,
                       before_day = excluded.before_day, changed_at = excluded.changed_at,
                       answers = CASE WHEN excluded.answers = '{}' THEN vendor.answers ELSE excluded.answers END";
            let ends = registration.before.map(|day| day.to_string()).unwrap_or_default();
            let held = "INSERT INTO held (authority, seller, first_day, before_day, number) VALUES ($1, $2, $3, $4, $5)
                        ON CONFLICT (authority, seller, first_day) DO UPDATE SET before_day = excluded.before_day";
            let first = registration.from.to_string();
            tx.change(held, values![&to.id, &one.seller, first, &ends, &registration.number]).await?;
            let values = values![
                &to.id,
                &one.seller,
                &registration.number,
                registration.from.to_string(),
                ends,
                written(&one.answers)?,
                moment(now)
            ];
            tx.change(sql, values).await?;
            let event = [Event::Registration(registration)];
            self.store.append_within(&mut *tx, &self.definitions, &one.seller, now, &event).await?;
        } else {
            let sql = "UPDATE vendor SET answers = $3, changed_at = $4 WHERE authority = $1 AND seller = $2";
            tx.change(sql, values![&to.id, &one.seller, written(&one.answers)?, moment(now)]).await?;
        }
        let what = format!("{} {}", one.id, one.number.as_deref().unwrap_or_default());
        log::note(&mut *tx, now, caller, "accepted", &to.id, what.trim_end()).await?;
        // The seller reads what was decided of it in its own rows.
        log::note(&mut *tx, now, caller, "accepted", &one.seller, &format!("{what} {}", to.id)).await?;
        Ok(())
    }

    /// A number that an officer wrote.
    fn right_number(&self, identifier: &str, number: &str) -> Result<String, Error> {
        let number = number.trim();
        if number.is_empty() || number.chars().count() > 40 || number.chars().any(char::is_control) {
            return Err(Error::Wrong("a number has 1 to 40 characters".into()));
        }
        match self.identifiers.look(identifier, number) {
            Some(verdict) if !verdict.valid => {
                let likely = if verdict.likely.is_empty() {
                    String::new()
                } else {
                    format!("; did you mean {}?", verdict.likely.join(" or "))
                };
                Err(Error::Wrong(format!("the number {number}: {}{likely}", verdict.wrong.unwrap_or_default())))
            }
            Some(verdict) => Ok(verdict.text),
            None => Ok(number.to_owned()),
        }
    }

    /// The next number that nobody has.
    async fn next_number(
        &self,
        tx: &mut dyn Run,
        to: &Authority,
        definition: &crate::Definition,
    ) -> Result<String, Error> {
        if to.form.numbers.is_none() {
            return Err(Error::Wrong("write the number: the form does not say how numbers are made".into()));
        }
        let sql = "SELECT issued FROM authority WHERE id = $1";
        let mut issued = tx.first(sql, values![&to.id]).await?.map_or(Ok(0), |mut row| row.int())?;
        loop {
            issued += 1;
            let number = to.form.number(definition, &self.identifiers, issued)?;
            let sql = "SELECT 1 FROM held WHERE authority = $1 AND number = $2";
            if tx.first(sql, values![&to.id, &number]).await?.is_none() {
                tx.change("UPDATE authority SET issued = $2 WHERE id = $1", values![&to.id, issued]).await?;
                return Ok(number);
            }
        }
    }

    /// Answers what an authority asked: the form again, whole.
    ///
    /// # Errors
    /// As [`Service::apply`].
    #[allow(clippy::too_many_arguments, reason = "who, whose, what, and when")]
    pub async fn answer(
        &self,
        caller: &Caller,
        seller: &str,
        id: &str,
        answers: &Answers,
        is_country: &(dyn Fn(&str) -> bool + Sync),
        now: Timestamp,
        today: Date,
    ) -> Result<Application, Error> {
        self.permit(caller, Operation::Apply, seller)?;
        let mut tx = log::turn(self.store.db()).await?;
        let mut one = own(&mut *tx, seller, id).await?;
        if one.state != State::Asked {
            return Err(Error::Stands(format!("the application {id} is {}; nothing is asked", one.state.word())));
        }
        let to = authority(&mut *tx, &one.authority).await?;
        if one.kind != Kind::End {
            one.answers = self.checked(&mut *tx, &to, seller, answers, is_country, today).await?;
            if let Some(day) = one.answers.get(FIRST_DAY) {
                one.day = kept(day)?;
            }
        } else if !answers.is_empty() {
            // Else it would replace the particulars, and its first day the day of the end.
            return Err(Error::Wrong(END_ALONE.into()));
        }
        one.state = State::Sent;
        one.form_version = to.form_version;
        keep(&mut *tx, &one).await?;
        log::note(&mut *tx, now, caller, "answer", seller, id).await?;
        tx.commit().await?;
        Ok(one)
    }

    /// Takes an application back.
    ///
    /// # Errors
    /// [`Error::Stands`] where it is decided already.
    pub async fn withdraw(
        &self,
        caller: &Caller,
        seller: &str,
        id: &str,
        now: Timestamp,
    ) -> Result<Application, Error> {
        self.permit(caller, Operation::Apply, seller)?;
        let mut tx = log::turn(self.store.db()).await?;
        let mut one = own(&mut *tx, seller, id).await?;
        if !one.state.is_open() {
            return Err(Error::Stands(format!("the application {id} is {} already", one.state.word())));
        }
        one.state = State::Withdrawn;
        keep(&mut *tx, &one).await?;
        log::note(&mut *tx, now, caller, "withdraw", seller, id).await?;
        tx.commit().await?;
        Ok(one)
    }

    /// The applications of a seller, the newest first.
    ///
    /// # Errors
    /// [`Error::NotYours`].
    pub async fn own_applications(&self, caller: &Caller, seller: &str) -> Result<Vec<Application>, Error> {
        self.permit(caller, Operation::ReadLedger, seller)?;
        let mut tx = self.store.db().read().await?;
        let sql = format!("{COLUMNS} WHERE seller = $1 ORDER BY sent_at DESC, id DESC LIMIT 1000");
        tx.rows(&sql, values![seller]).await?.into_iter().map(read).collect()
    }

    /// Applications to an authority, those that wait first, then the newest.
    ///
    /// # Errors
    /// [`Error::NotYours`].
    pub async fn applications(&self, caller: &Caller, to: &str) -> Result<Vec<Application>, Error> {
        self.permit(caller, Operation::ReadAuthority, to)?;
        let mut tx = self.store.db().read().await?;
        let sql = format!(
            "{COLUMNS} WHERE authority = $1 ORDER BY CASE WHEN state IN ('sent', 'asked') THEN 0 ELSE 1 END, sent_at DESC, id LIMIT 1000"
        );
        tx.rows(&sql, values![to]).await?.into_iter().map(read).collect()
    }

    /// The form to which an application is written.
    ///
    /// # Errors
    /// [`Error::Nothing`].
    pub async fn form(&self, to: &str) -> Result<(Authority, Form), Error> {
        let mut tx = self.store.db().read().await?;
        let to = authority(&mut *tx, to).await?;
        let form = to.form.clone();
        Ok((to, form))
    }
}

/// What is said where an end comes with a form.
const END_ALONE: &str = "for an end give the day alone";

fn ends_too_early(first: Date) -> String {
    format!("day: the registration began on {first}; write a later day")
}

/// As two texts are held against each other: without spaces, in small letters, wide forms as plain ones.
fn alike(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    text.nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// The day that is asked for. Where the form asks for it, what was written there counts: the authority's checks look at that.
fn day(asked: &Asked, form: &Form, answers: &Answers, held: Option<&Held>, today: Date) -> Result<Date, Error> {
    if asked.kind == Kind::End {
        let day = asked.day.ok_or_else(|| Error::Wrong("say from which day it shall no longer hold".into()))?;
        return match held.filter(|held| day <= held.from) {
            Some(held) => Err(Error::Wrong(ends_too_early(held.from))),
            None => Ok(day),
        };
    }
    let written: Option<Date> = answers.get(FIRST_DAY).map(|day| kept(day)).transpose()?;
    match (written, asked.day) {
        (Some(written), day) if day.is_none_or(|day| day == written) => Ok(written),
        (_, Some(_)) if form.asks_first_day() => {
            Err(Error::Wrong(format!("day: the form asks for the first day; write it into {FIRST_DAY} alone")))
        }
        (_, day) => Ok(day.unwrap_or(today)),
    }
}

/// The newest registration of a seller with an authority.
async fn newest(tx: &mut dyn Run, to: &str, seller: &str) -> Result<Option<Held>, Error> {
    let sql = "SELECT number, first_day, before_day FROM vendor WHERE authority = $1 AND seller = $2";
    tx.first(sql, values![to, seller]).await?.map(|mut row| read_held(&mut row)).transpose()
}

/// Whether a registration may begin on a day: none of the scheme holds then or later, for a ledger has one at a time.
async fn begins(tx: &mut dyn Run, to: &Authority, seller: &str, day: Date, today: Date) -> Result<(), Error> {
    let (before, after) = YEARS;
    let (first, last) = (today.saturating_sub(before.years()), today.saturating_add(after.years()));
    if day < first || day > last {
        return Err(Error::Wrong(format!("day: {day} cannot be right; write one from {first} to {last}")));
    }
    let sql = "SELECT h.authority, h.number, h.first_day, h.before_day FROM held h JOIN authority a ON a.id = h.authority
               WHERE h.seller = $1 AND a.scheme = $2 AND (h.before_day = '' OR h.before_day > $3) ORDER BY h.first_day DESC";
    let Some(mut row) = tx.first(sql, values![seller, &to.scheme, day.to_string()]).await? else { return Ok(()) };
    let (with, held) = (row.text()?, read_held(&mut row)?);
    let number = &held.number;
    Err(Error::Stands(match held.before {
        Some(before) => format!(
            "the registration with the number {number} at {with} holds until {before}; a new one begins on that day or later"
        ),
        None if with == to.id => format!("you are registered already, with the number {number}; apply for a change"),
        None => {
            format!("you are registered under this scheme already, with the number {number} at {with}; end that first")
        }
    }))
}

async fn found(tx: &mut dyn Run, id: &str) -> Result<Option<Application>, Error> {
    tx.first(&format!("{COLUMNS} WHERE id = $1"), values![id]).await?.map(read).transpose()
}

/// One of a seller's own: that of another is as if it were not there.
async fn own(tx: &mut dyn Run, seller: &str, id: &str) -> Result<Application, Error> {
    found(tx, id).await?.filter(|one| one.seller == seller).ok_or_else(|| Error::Nothing(id.chars().take(80).collect()))
}

async fn keep(tx: &mut dyn Run, one: &Application) -> Result<(), Error> {
    let sql = "UPDATE application SET state = $2, answers = $3, form_version = $4, first_day = $5, decided_at = $6, decided_by = $7, says = $8, number = $9 WHERE id = $1";
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let values = values![
        &one.id,
        one.state.word(),
        written(&one.answers)?,
        one.form_version,
        one.day.to_string(),
        text(&one.decided_at),
        text(&one.decided_by),
        text(&one.says),
        text(&one.number)
    ];
    tx.change(sql, values).await?;
    Ok(())
}
