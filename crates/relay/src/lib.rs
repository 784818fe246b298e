//! Serves the page and Alpaca's own paths on loopback, from the simulator, a recording or one upstream connection.
