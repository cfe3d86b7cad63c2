//! TW7xx: other editions beside the draft, of other authorities and of its own.

mod tw701_misfit;
mod tw702_waiting;
mod tw703_uncharged;

pub(super) use tw701_misfit::{CHECK as MISFIT, misfits};
pub(super) use tw702_waiting::{CHECK as WAITING, waiting};

pub(super) const ALL: &[super::Check] = &[tw701_misfit::CHECK, tw702_waiting::CHECK, tw703_uncharged::CHECK];
