//! A page of a feed: the newest hundred news, and where older ones are.

use super::{Interest, News};
use jiff::Timestamp;

/// Most news of a page.
pub const MOST: usize = 100;

/// A feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// Its title for people: "Changes published at Q".
    pub title: String,
    /// Page about the repository.
    pub home: String,
    /// Its own address, with the interest as query, without a page.
    pub address: String,
    /// Where editions are shown; the SHA-256 of one follows.
    pub editions: String,
    /// When the repository was founded: the day of a feed without news.
    pub founded: Timestamp,
}

/// Some news, newest first, and where older ones are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// SHA-256 of the edition after which this page begins; absent on the first.
    pub after: Option<String>,
    /// The news, cut to what was asked for.
    pub news: Vec<News>,
    /// Whether there are older ones.
    pub more: bool,
}

/// Why there is no such page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this feed has no edition {0} from which to go on; begin again at the first page")]
pub struct PageError(pub String);

impl Page {
    /// Takes a page from news that come newest first, and stops where it is full.
    ///
    /// `after` is the edition with which the page before ended, from its address. News that are added while somebody pages
    /// move nothing: each page begins after an edition, not after a number of them.
    ///
    /// # Errors
    /// [`PageError`] where the news have no edition `after`.
    pub fn take(
        newest_first: impl IntoIterator<Item = News>,
        interest: &Interest,
        after: Option<&str>,
    ) -> Result<Self, PageError> {
        let mut rest = newest_first.into_iter();
        if let Some(after) = after
            && !rest.by_ref().any(|news| news.edition == after)
        {
            return Err(PageError(after.chars().take(64).collect()));
        }
        let mut picked = rest.filter_map(|news| interest.picks(&news));
        let news = picked.by_ref().take(MOST).collect();
        Ok(Self { after: after.map(str::to_owned), news, more: picked.next().is_some() })
    }
}

impl Feed {
    /// Address of a page.
    pub fn at(&self, after: Option<&str>) -> String {
        let Some(after) = after else { return self.address.clone() };
        let joined = if self.address.contains('?') { '&' } else { '?' };
        format!("{}{joined}after={after}", self.address)
    }

    /// Address of the next page; absent on the last.
    pub fn next(&self, page: &Page) -> Option<String> {
        let last = page.news.last().filter(|_| page.more)?;
        Some(self.at(Some(&last.edition)))
    }

    /// Address of the page of an edition.
    pub fn edition(&self, news: &News) -> String {
        format!("{}{}", self.editions, news.edition)
    }

    /// When the newest of a page was published.
    pub fn updated(&self, page: &Page) -> Timestamp {
        page.news.iter().map(|news| news.published).max().unwrap_or(self.founded)
    }
}

/// The id of an edition's news: the same in every feed and for ever.
pub fn id(news: &News) -> String {
    format!("urn:sha256:{}", news.edition)
}
