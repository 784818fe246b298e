//! The sources that need no exchange: a seeded market and the replay of recordings, behind Alpaca's own protocol.
