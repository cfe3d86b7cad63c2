//! A static host that breaks before or after a file.

use super::faults::{Faults, Point};
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, PutMultipartOptions,
    PutOptions, PutPayload, PutResult, Result as HostResult,
};
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

fn passes(faults: &Faults, point: Point) -> HostResult<()> {
    let source = std::io::Error::new(std::io::ErrorKind::StorageFull, "no space left on the static host");
    match faults.breaks(point) {
        true => Err(object_store::Error::Generic { store: "test", source: Box::new(source) }),
        false => Ok(()),
    }
}

/// A static host that breaks.
#[derive(Debug)]
pub struct FaultyHost(pub Arc<dyn ObjectStore>, pub Faults);

impl fmt::Display for FaultyHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// What a host answers bit by bit.
type Stream<T> = Pin<Box<dyn futures_core::Stream<Item = HostResult<T>> + Send>>;

#[async_trait::async_trait]
impl ObjectStore for FaultyHost {
    async fn put_opts(&self, at: &Path, bytes: PutPayload, options: PutOptions) -> HostResult<PutResult> {
        if !options.attributes.is_empty() {
            // A folder refuses them, and is asked again without.
            let refused = self.0.put_opts(at, bytes, options).await;
            assert!(matches!(refused, Err(object_store::Error::NotImplemented { .. })));
            return refused;
        }
        passes(&self.1, Point::BeforeFile)?;
        let done = self.0.put_opts(at, bytes, options).await?;
        passes(&self.1, Point::AfterFile)?;
        Ok(done)
    }
    async fn put_multipart_opts(
        &self,
        at: &Path,
        options: PutMultipartOptions,
    ) -> HostResult<Box<dyn MultipartUpload>> {
        self.0.put_multipart_opts(at, options).await
    }
    async fn get_opts(&self, at: &Path, options: GetOptions) -> HostResult<GetResult> {
        self.0.get_opts(at, options).await
    }
    fn delete_stream(&self, all: Stream<Path>) -> Stream<Path> {
        self.0.delete_stream(all)
    }
    fn list(&self, prefix: Option<&Path>) -> Stream<ObjectMeta> {
        self.0.list(prefix)
    }
    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> HostResult<ListResult> {
        self.0.list_with_delimiter(prefix).await
    }
    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> HostResult<()> {
        self.0.copy_opts(from, to, options).await
    }
}
