//! The house of sellers and authorities, where one is switched on: `tidewaiter serve --collect`. Its doors are private: each knows who comes
//! in, nothing of them is kept by caches, and pages of other sites reach none of them.
//!
//! | file | holds |
//! |---|---|
//! | `caller.rs` | whose token it is: in a header for programs, in a cookie for people |
//! | `refusal.rs` | what the service says no to, as problem documents |

pub(crate) mod caller;
pub(crate) mod refusal;

use crate::desk::Desk;
use crate::problem::{Problem, message};
use std::sync::Arc;
use tidewaiter_collect::service::Service;

/// The service, and who may come.
#[derive(Debug)]
pub struct House {
    /// Ledgers, applications, returns.
    pub service: Service,
    /// Whether sellers may sign up by themselves.
    pub open: bool,
}

impl Desk {
    /// The house, where there is one.
    ///
    /// # Errors
    /// A [`Problem`] 404.
    pub(crate) fn collect(&self) -> Result<&Arc<House>, Problem> {
        self.house().ok_or_else(|| Problem::not_found(&message::COLLECT_NOT_HERE))
    }
}
