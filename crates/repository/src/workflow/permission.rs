//! Who may do what: one table. The server asks it before every operation, and a test walks all of it.

use crate::store::token::{Account, Role};
use serde::Serialize;

/// Something that is done at the repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// Send an edition.
    Submit,
    /// Read drafts, findings, previews, what was sent.
    ReadDrafts,
    /// Speak for a warning.
    Speak,
    /// Hand in a signature.
    Sign,
    /// Give a draft up.
    Abandon,
    /// Take in signed roles of the repository: admit authorities, rotate keys.
    Admit,
    /// Make, list and revoke tokens.
    Tokens,
    /// Say which addresses of an authority are looked at.
    Pull,
    /// Subscribe addresses to changes, see what could not be delivered.
    Subscriptions,
    /// Read the audit log.
    Audit,
    /// Read what is published.
    ReadPublished,
}

/// How far a permission goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// Not at all.
    No,
    /// For the authority of the token.
    Own,
    /// For all.
    Any,
}

use Reach::{Any, No, Own};

/// The table: operation; officer, approver, secretariat, auditor, and one without a token.
pub const TABLE: &[(Operation, [Reach; 5])] = &[
    (Operation::Submit, [Own, No, No, No, No]),
    (Operation::ReadDrafts, [Own, Own, Any, Any, No]),
    (Operation::Speak, [No, Own, No, No, No]),
    (Operation::Sign, [Own, Own, No, No, No]),
    (Operation::Abandon, [Own, Own, No, No, No]),
    (Operation::Admit, [No, No, Any, No, No]),
    (Operation::Tokens, [No, No, Any, No, No]),
    (Operation::Pull, [No, No, Any, No, No]),
    (Operation::Subscriptions, [No, No, Any, No, No]),
    (Operation::Audit, [No, No, Any, Any, No]),
    (Operation::ReadPublished, [Any, Any, Any, Any, Any]),
];

/// How far a role reaches in an operation; `None` is one without a token.
pub fn reach(role: Option<Role>, operation: Operation) -> Reach {
    let column = match role {
        Some(Role::Officer) => 0,
        Some(Role::Approver) => 1,
        Some(Role::Secretariat) => 2,
        Some(Role::Auditor) => 3,
        None => 4,
    };
    TABLE.iter().find(|(of, _)| *of == operation).map_or(No, |(_, reaches)| reaches[column])
}

/// Whether an account may do something, to an authority where it is about one.
///
/// ```
/// use tidewaiter_repository::store::token::{Account, Role};
/// use tidewaiter_repository::workflow::permission::{Operation, may};
/// let officer = Account { label: "First officer".into(), role: Role::Officer, authority: Some("qq".into()) };
/// assert!(may(Some(&officer), Operation::Submit, Some("qq")));
/// assert!(!may(Some(&officer), Operation::Submit, Some("zz")));
/// assert!(!may(Some(&officer), Operation::Speak, Some("qq")));
/// ```
pub fn may(account: Option<&Account>, operation: Operation, authority: Option<&str>) -> bool {
    match reach(account.map(|a| a.role), operation) {
        No => false,
        Any => true,
        Own => authority.is_some() && account.and_then(|a| a.authority.as_deref()) == authority,
    }
}
