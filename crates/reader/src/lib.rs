//! What a reader does: a verified copy of a repository, and the ratebook that is made of it. The command `tidewaiter sync` and the
//! Python package are two doors to this.
//!
//! ```no_run
//! use std::path::Path;
//! use tidewaiter_reader::{Rates, open_mirror};
//!
//! let mut rates = Rates::open(Path::new("rates"), Some(Path::new("1.root.json")))?;
//! let mirror = open_mirror("https://rates.example")?;
//! let look = rates.look(mirror.as_ref(), jiff::Timestamp::now(), true, &mut |_| {})?;
//! println!("{}: {:?}", rates.ratebook().display(), look.made);
//! # Ok::<(), tidewaiter_reader::ReaderError>(())
//! ```
//!
//! | module | holds |
//! |---|---|
//! | `rates` | the copy and its ratebook, brought up to date |
//! | `maker` | from verified editions to a ratebook |
//! | `history` | which editions each ratebook was made of |
//! | `folder` | data folders: the program's own, and published ones |

mod error;
mod folder;
mod history;
mod maker;
mod rates;

pub use error::ReaderError;
pub use folder::{embedded_folder, read_files, read_folder};
pub use history::{History, Line};
pub use maker::{Built, Laid, Maker, Note, Piece};
pub use rates::{Look, Made, RATEBOOK, Rates, Told, ToldOlder, open_mirror};
