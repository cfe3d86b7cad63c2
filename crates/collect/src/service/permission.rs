//! Who may do what: one table. Every door of the service asks it first, and a test walks all of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What the holder of a token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Sells: keeps one ledger, applies, sends returns.
    Seller,
    /// Looks after the books of one seller: reads and drafts, sends nothing.
    Accountant,
    /// Works for one authority: decides, reads its returns.
    Officer,
    /// Reads what one authority has, changes nothing.
    Inspector,
    /// Runs the service: admits authorities, gives tokens. Reads no ledger and no return.
    Keeper,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Seller, Self::Accountant, Self::Officer, Self::Inspector, Self::Keeper];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Seller => "seller",
            Self::Accountant => "accountant",
            Self::Officer => "officer",
            Self::Inspector => "inspector",
            Self::Keeper => "keeper",
        }
    }

    /// Of what its holder has one: a seller, an authority, or nothing.
    pub const fn side(self) -> Side {
        match self {
            Self::Seller | Self::Accountant => Side::Seller,
            Self::Officer | Self::Inspector => Side::Authority,
            Self::Keeper => Side::House,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|role| role.name() == text)
            .ok_or_else(|| format!("\"{text}\" is no role: write seller, accountant, officer, inspector or keeper"))
    }
}

/// Where somebody stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// A seller's own.
    Seller,
    /// An authority's own.
    Authority,
    /// Those who run the service.
    House,
}

/// Something that is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// Read a seller's ledger, drafts, deadlines, applications and receipts.
    ReadLedger,
    /// Record what happened.
    Record,
    /// Apply for a registration, change or end one.
    Apply,
    /// Send a return.
    SendReturn,
    /// Take a seller's ledger out as a file.
    ExportLedger,
    /// Make and revoke tokens of a seller's own people.
    OwnTokens,
    /// Read what an authority has: applications, registered sellers, returns, what is expected.
    ReadAuthority,
    /// Decide on an application.
    Decide,
    /// Say what an application must hold.
    SetForm,
    /// Hand in what was seen at the border.
    UploadBorder,
    /// Take what an authority has out as a file.
    ExportAuthority,
    /// Read what was done with one's own.
    ReadLog,
    /// Admit authorities and sellers.
    Admit,
    /// Make, list and revoke all tokens.
    AllTokens,
}

impl Operation {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|(operation, ..)| *operation)
    }

    /// On which side it is done.
    pub fn side(self) -> Side {
        TABLE.iter().find(|(of, ..)| *of == self).map_or(Side::House, |(_, side, _)| *side)
    }
}

/// How far a permission goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// Not at all.
    No,
    /// For the seller or authority of the token.
    Own,
    /// For all.
    Any,
}

use Reach::{Any, No, Own};
use Side::{Authority, House, Seller};

/// The table: operation; whose it is; seller, accountant, officer, inspector, keeper. One without a token may nothing of it.
pub const TABLE: &[(Operation, Side, [Reach; 5])] = &[
    (Operation::ReadLedger, Seller, [Own, Own, No, No, No]),
    (Operation::Record, Seller, [Own, No, No, No, No]),
    (Operation::Apply, Seller, [Own, No, No, No, No]),
    (Operation::SendReturn, Seller, [Own, No, No, No, No]),
    (Operation::ExportLedger, Seller, [Own, Own, No, No, No]),
    (Operation::OwnTokens, Seller, [Own, No, No, No, No]),
    (Operation::ReadAuthority, Authority, [No, No, Own, Own, No]),
    (Operation::Decide, Authority, [No, No, Own, No, No]),
    (Operation::SetForm, Authority, [No, No, Own, No, No]),
    (Operation::UploadBorder, Authority, [No, No, Own, No, No]),
    (Operation::ExportAuthority, Authority, [No, No, Own, Own, No]),
    (Operation::ReadLog, House, [Own, Own, Own, Own, Any]),
    (Operation::Admit, House, [No, No, No, No, Any]),
    (Operation::AllTokens, House, [No, No, No, No, Any]),
];

/// Who knocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Caller {
    /// Name of the holder.
    pub label: String,
    /// What the holder may do.
    pub role: Role,
    /// For which seller or authority; absent for those who run the service.
    pub of: Option<String>,
    /// Beginning of the hash of the token, for the log.
    pub token: String,
}

impl Caller {
    /// Whether they may do something with what belongs to `of`: a seller's or an authority's name, as the operation is of one or the other.
    pub fn may(&self, operation: Operation, of: &str) -> bool {
        let column = match self.role {
            Role::Seller => 0,
            Role::Accountant => 1,
            Role::Officer => 2,
            Role::Inspector => 3,
            Role::Keeper => 4,
        };
        match TABLE.iter().find(|(one, ..)| *one == operation).map_or(No, |(_, _, reaches)| reaches[column]) {
            No => false,
            Any => true,
            Own => self.of.as_deref() == Some(of),
        }
    }
}
