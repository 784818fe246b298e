//! Answers.

use serde::Serialize;

/// An answer: a status and a JSON body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestResponse {
    /// HTTP status.
    pub status: u16,
    /// JSON, always `application/json`.
    pub body: String,
}

impl RestResponse {
    /// 200 with a body.
    #[must_use]
    pub fn json(body: &impl Serialize) -> Self {
        match serde_json::to_string(body) {
            Ok(body) => Self { status: 200, body },
            Err(_) => Self::error(500, "internal server error occurred"),
        }
    }

    /// A refusal in the data API's form.
    #[must_use]
    pub fn error(status: u16, message: &str) -> Self {
        Self { status, body: serde_json::json!({ "message": message }).to_string() }
    }

    /// A refusal in the trading API's form, whose code begins with the status.
    #[must_use]
    pub fn trading_error(status: u16, message: &str) -> Self {
        let code = u32::from(status) * 100_000 + 10_000;
        Self { status, body: serde_json::json!({ "code": code, "message": message }).to_string() }
    }
}
