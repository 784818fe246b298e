// The interface of the benchmark over what src/main.rs exports. Everything that is measured is there.
addEventListener("TrunkApplicationStarted", () => {
  const page = window.wasmBindings;
  // `?studies=10` measures the same with ten indicators.
  const studies = Number(new URLSearchParams(location.search).get("studies"));
  window.bench = {
    version: page.version(),
    init: (data, { visible }) =>
      page.init([data.t, data.o, data.h, data.l, data.c, data.v], visible === "all" ? data.n : visible, studies),
    update: (bar) => page.update(bar.time, bar.open, bar.high, bar.low, bar.close, bar.volume),
    setRange: (from, to) => page.set_range(from, to),
    ready: () => page.ready().then(() => page.settled()),
  };
  window.benchDecode = { json: (text) => page.decode_text(text), msgpack: (bytes) => page.decode_bytes(bytes) };
});
