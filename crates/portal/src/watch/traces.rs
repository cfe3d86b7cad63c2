//! Spans for an OpenTelemetry collector. None are made unless its address is given; then each request is one, below that of whoever asked
//! where the request says so (W3C Trace Context).

use axum::http::{HeaderMap, StatusCode};
use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::runtime::Tokio;
use opentelemetry_sdk::trace::SdkTracerProvider;
use opentelemetry_sdk::trace::span_processor_with_async_runtime::BatchSpanProcessor;
use std::time::Duration;
use tracing::{Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::registry::LookupSpan;

/// Marks the spans that are sent.
const TARGET: &str = "tidewaiter::trace";
/// How long a collector may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Sends spans to a collector until it is closed.
#[derive(Debug)]
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// To a collector that takes OTLP over HTTP, by its address: `http://127.0.0.1:4318`. `/v1/traces` is added where it has no path.
    /// Within a runtime of tokio.
    ///
    /// # Errors
    /// Where nothing can be sent to the address.
    pub fn open(address: &str) -> Result<Self, String> {
        let address = address.trim_end_matches('/');
        let has_path = address.split_once("://").is_some_and(|(_, rest)| rest.contains('/'));
        let address = if has_path { address.to_owned() } else { format!("{address}/v1/traces") };
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_timeout(PATIENCE)
            .with_endpoint(address)
            .build()
            .map_err(|e| e.to_string())?;
        let who = Resource::builder()
            .with_service_name("tidewaiter")
            .with_attribute(opentelemetry::KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        let sends = BatchSpanProcessor::builder(exporter, Tokio).build();
        Ok(Self(SdkTracerProvider::builder().with_span_processor(sends).with_resource(who).build()))
    }

    /// What a subscriber of `tracing` needs to send them.
    pub fn layer<S: Subscriber + for<'a> LookupSpan<'a> + Send + Sync>(&self) -> impl Layer<S> + Send + Sync + use<S> {
        let tracer = self.0.tracer("tidewaiter");
        tracing_opentelemetry::layer().with_tracer(tracer).with_filter(filter_fn(|meta| meta.target() == TARGET))
    }

    /// Sends what is left.
    pub async fn close(self) {
        // It waits for the collector on this thread.
        let _ = tokio::task::spawn_blocking(move || self.0.shutdown()).await;
    }
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(axum::http::HeaderName::as_str).collect()
    }
}

/// The span of a request.
pub(super) fn span(method: &str, door: &str, headers: &HeaderMap) -> Span {
    let span = tracing::info_span!(
        target: "tidewaiter::trace",
        "request",
        otel.name = format_args!("{method} {door}"),
        otel.kind = "server",
        otel.status_code = tracing::field::Empty,
        http.request.method = method,
        http.route = door,
        http.response.status_code = tracing::field::Empty,
    );
    let _ = span.set_parent(TraceContextPropagator::new().extract(&Headers(headers)));
    span
}

/// What became of it.
pub(super) fn end(span: &Span, status: StatusCode) {
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
}
