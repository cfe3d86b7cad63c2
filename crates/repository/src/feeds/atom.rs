//! A page as Atom (RFC 4287), with the link to the next page of RFC 5005, section 3.

use super::page::{Feed, Page, id};
use super::{News, words};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::io;

/// Its media type.
pub const MEDIA_TYPE: &str = "application/atom+xml";

/// Longest text of an element, in characters: above all that [`words`] makes.
const MOST: usize = 10_000;

type Xml = Writer<Vec<u8>>;

/// The document, in UTF-8.
///
/// # Errors
/// Never while memory is written to; kept so that nothing panics.
pub fn document(feed: &Feed, page: &Page) -> io::Result<Vec<u8>> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 1);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    let root = [("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", "en")];
    xml.create_element("feed").with_attributes(root).write_inner_content(|xml| {
        text(xml, "id", &feed.address)?;
        text(xml, "title", &feed.title)?;
        text(xml, "updated", &feed.updated(page).to_string())?;
        link(xml, "self", &feed.at(page.after.as_deref()))?;
        link(xml, "alternate", &feed.home)?;
        if let Some(next) = feed.next(page) {
            link(xml, "next", &next)?;
        }
        page.news.iter().try_for_each(|news| entry(xml, feed, news))
    })?;
    let mut bytes = xml.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

fn entry(xml: &mut Xml, feed: &Feed, news: &News) -> io::Result<()> {
    let when = news.published.to_string();
    xml.create_element("entry").write_inner_content(|xml| {
        text(xml, "id", &id(news))?;
        text(xml, "title", &words::title(news))?;
        // An edition never changes, so neither does its news.
        text(xml, "published", &when)?;
        text(xml, "updated", &when)?;
        link(xml, "alternate", &feed.edition(news))?;
        xml.create_element("author").write_inner_content(|xml| text(xml, "name", &news.authority_name))?;
        for term in [Some(news.kind.as_str()), news.territory.as_deref()].into_iter().flatten() {
            let term = words::line(term, 100);
            xml.create_element("category").with_attribute(("term", term.as_str())).write_empty()?;
        }
        let lines: Vec<String> = words::lines(news);
        let content = xml.create_element("content").with_attribute(("type", "text"));
        content.write_text_content(BytesText::new(&lines.join("\n")))?;
        Ok(())
    })?;
    Ok(())
}

fn text(xml: &mut Xml, name: &str, text: &str) -> io::Result<()> {
    xml.create_element(name).write_text_content(BytesText::new(&words::line(text, MOST)))?;
    Ok(())
}

fn link(xml: &mut Xml, rel: &str, href: &str) -> io::Result<()> {
    let href = words::line(href, MOST);
    xml.create_element("link").with_attributes([("rel", rel), ("href", href.as_str())]).write_empty()?;
    Ok(())
}
