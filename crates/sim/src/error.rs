//! What can go wrong before a source runs. Once it runs nothing fails: bad input is counted.

use wickwire_proto::time::Timestamp;

/// Why a source could not be made. Each variant says what the caller should do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There was nothing to play: check the files that were named.
    #[error("the recordings hold no market data; check the files ({bad_lines} unreadable lines)")]
    Empty {
        /// Lines that could not be read, over all files.
        bad_lines: u64,
    },
    /// More files than are merged at once: join some of them.
    #[error("{count} recordings were given and at most {limit} are merged; join some of them")]
    TooManyRecordings {
        /// How many were given.
        count: usize,
        /// How many can be merged.
        limit: usize,
    },
    /// A file is larger than is kept in memory: compress or cut it.
    #[error("{name} is larger than {limit} bytes; compress it or cut it")]
    RecordingTooLarge {
        /// Name of the recording.
        name: String,
        /// Largest size in bytes, as stored.
        limit: u64,
    },
    /// The reader failed: check that the file is there and can be read.
    #[error("{name} cannot be read")]
    Read {
        /// Name of the recording.
        name: String,
        /// What the reader said.
        #[source]
        source: std::io::Error,
    },
    /// Nothing is recorded between the times asked for: choose times inside the recordings.
    #[error("nothing to play from {} to {}: the recordings cover {} to {}", show(.from), show(.to), .first.to_rfc3339(), .last.to_rfc3339())]
    EmptySpan {
        /// Start asked for.
        from: Option<Timestamp>,
        /// End asked for.
        to: Option<Timestamp>,
        /// When the first recorded message is due.
        first: Timestamp,
        /// When the last recorded message is due.
        last: Timestamp,
    },
    /// The speed is no number in the range: give one, or `max`.
    #[error("the speed must be a number from {min} to {max}, or `max`", min = crate::exchange::Speed::MIN, max = crate::exchange::Speed::MAX)]
    InvalidSpeed,
}

fn show(time: &Option<Timestamp>) -> String {
    time.map_or_else(|| "the other end".to_owned(), Timestamp::to_rfc3339)
}
