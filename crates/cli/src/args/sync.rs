//! Flags of `tidewaiter sync`, `bundle` and `recall`: what a reader does.

use clap::Args as Flags;
use std::path::PathBuf;

/// Flags of `tidewaiter sync`.
#[derive(Debug, Flags)]
#[command(after_long_help = "Examples:
  tidewaiter sync https://rates.example --root 1.root.json --copy rates
  tidewaiter sync https://rates.example --copy rates --watch 60
  tidewaiter quote --ratebook rates/rates.twrb --to FR ...
The first time needs the repository's first root, from somebody you trust: everything is verified from it.")]
pub(crate) struct SyncArgs {
    /// Where from: an address, a folder with published files, or a bundle
    #[arg(value_name = "FROM")]
    pub(crate) from: String,
    /// Folder of the local copy; the ratebook stands in it as rates.twrb
    #[arg(long, value_name = "FOLDER", default_value = "rates")]
    pub(crate) copy: PathBuf,
    /// The repository's first root, needed once
    #[arg(long, value_name = "FILE")]
    pub(crate) root: Option<PathBuf>,
    /// Look again each so many seconds, until stopped: from 0.1 to a day
    #[arg(long, value_name = "SECONDS", value_parser = pause)]
    pub(crate) watch: Option<std::time::Duration>,
    /// Fetch again what this disk damaged
    #[arg(long)]
    pub(crate) repair: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Flags of `tidewaiter bundle`.
#[derive(Debug, Flags)]
pub(crate) struct BundleArgs {
    /// File to write, for a memory stick
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Folder of the local copy
    #[arg(long, value_name = "FOLDER", default_value = "rates")]
    pub(crate) copy: PathBuf,
    /// Only these authorities; all if left out
    #[arg(long, value_name = "AUTHORITY")]
    pub(crate) only: Vec<String>,
}

/// Flags of `tidewaiter recall`.
#[derive(Debug, Flags)]
pub(crate) struct RecallArgs {
    /// An answer of `tidewaiter quote --json`
    #[arg(value_name = "QUOTE")]
    pub(crate) quote: PathBuf,
    /// Folder of the local copy
    #[arg(long, value_name = "FOLDER", default_value = "rates")]
    pub(crate) copy: PathBuf,
    /// Where old editions are fetched from: an address, a folder, or a bundle
    #[arg(long, value_name = "FROM")]
    pub(crate) from: String,
    /// Ratebook to write
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// A pause between two looks: seconds, with three decimals at most.
fn pause(text: &str) -> Result<std::time::Duration, String> {
    let wrong = || "give seconds from 0.1 to 86400, such as 0.5 or 60".to_owned();
    let thousand = tidewaiter::Decimal::from_int(1000);
    let milliseconds =
        text.parse::<tidewaiter::Decimal>().ok().and_then(|s| s.times(thousand).ok()).ok_or_else(wrong)?;
    let milliseconds: u64 = milliseconds.to_string().parse().map_err(|_| wrong())?;
    let pause = std::time::Duration::from_millis(milliseconds);
    (100..=86_400_000).contains(&milliseconds).then_some(pause).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::pause;

    #[test]
    fn pauses_are_read() {
        let of = |text: &str| pause(text).map(|p| p.as_millis()).ok();
        assert_eq!(["0.1", "0.5", "60", "86400"].map(of), [100, 500, 60_000, 86_400_000].map(Some));
        assert_eq!(["0", "0.05", "86401", "-1", "1.0005", "a", ""].map(of), [None; 7]);
    }
}
