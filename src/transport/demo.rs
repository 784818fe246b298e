//! The exchange in the page: the simulator behind the server's side of the protocol, reached
//! without a network. The engine sees links like any others.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};

use gloo_timers::callback::Timeout;
use wickwire_proto::client::ConnectFailure;
use wickwire_proto::endpoint::Endpoint;
use wickwire_proto::frame::{Codec, OwnedFrame};
use wickwire_proto::hub::{ConnId, HubOut};
use wickwire_proto::request::Credentials;
use wickwire_proto::time::Timestamp;
use wickwire_sim::{Exchange, ExchangeConfig, SimConfig, Simulator, SourceKind, SourceLabel};

use super::{Link, LinkEvent, LinkSink, Transport};
use crate::dom;
use crate::source::RELAY_PLACEHOLDER;
use crate::state::{DataKind, DataLabel, KnownSymbol};

/// Shortest pause between two turns of the exchange, in milliseconds: about one a frame.
const MIN_PAUSE_MS: f64 = 15.0;
/// Longest pause, so that its clock on the screen does not stand still.
const MAX_PAUSE_MS: f64 = 500.0;

/// The exchange, its timer and its links.
pub struct DemoExchange {
    this: Weak<Self>,
    exchange: RefCell<Exchange>,
    links: RefCell<BTreeMap<ConnId, LinkSink>>,
    timer: RefCell<Option<Timeout>>,
    stopped: Cell<bool>,
}
