//! TW4xx: territories, areas and programmes.

mod tw401_territory;
mod tw402_empty_area;
mod tw403_cycle;
mod tw404_program;
mod tw405_exclusion;
mod tw406_claim;

pub(super) const ALL: &[super::Check] = &[
    tw401_territory::CHECK,
    tw402_empty_area::CHECK,
    tw403_cycle::CHECK,
    tw404_program::CHECK,
    tw405_exclusion::CHECK,
    tw406_claim::CHECK,
];
