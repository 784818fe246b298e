#![no_main]

use libfuzzer_sys::fuzz_target;
use wickwire_proto::time::Timestamp;

fuzz_target!(|data: &[u8]| {
    if let Ok(nanos) = data.try_into().map(i64::from_le_bytes) {
        let time = Timestamp(nanos);
        assert_eq!(Timestamp::parse_rfc3339(&time.to_rfc3339()), Some(time));
    }
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Some(time) = Timestamp::parse_rfc3339(text) {
        assert_eq!(Timestamp::parse_rfc3339(&time.to_rfc3339()), Some(time));
        assert_eq!(Timestamp::parse_rfc3339(&time.to_rfc3339_nanos()), Some(time));
        assert!(text.len() <= 35);
    }
});
