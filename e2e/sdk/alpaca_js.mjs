// @alpacahq/alpaca-trade-api, unmodified, against the relay whose host and port is the argument.
import { streaming } from "@alpacahq/alpaca-trade-api";

const host = process.argv[2];
const credentials = { keyId: "key", secret: "secret" };
const WAIT_MS = 120_000;
let failures = 0;

function report(name, error) {
  if (error) failures += 1;
  console.log(error ? `not ok ${name}: ${error}` : `ok ${name}`);
}

// Runs a stream until every kind came once, or the time is up.
function collect(name, stream, kinds, listen, subscribe, check) {
  return new Promise((resolve) => {
    const seen = new Map();
    let timer;
    const end = (error) => {
      clearTimeout(timer);
      report(name, error);
      try { stream.disconnect(); } catch { /* it may be closed already */ }
      resolve();
    };
    timer = setTimeout(() => end(`missing ${kinds.filter((k) => !seen.has(k))}`), WAIT_MS);
    const got = (kind) => (item) => {
      if (seen.has(kind) || seen.size === kinds.length) return;
      try {
        check(kind, item);
      } catch (error) {
        end(`${kind}: ${error.message}`);
        return;
      }
      seen.set(kind, item);
      if (seen.size === kinds.length) end();
    };
    listen(stream, got);
    stream.onError((error) => { if (!seen.size) console.error(name, error); });
    stream.onConnect(() => subscribe(stream));
    stream.connect();
  });
}

function ok(condition, item) {
  if (!condition) throw new Error(`unexpected ${JSON.stringify(item, (_, v) => (typeof v === "bigint" ? `${v}` : v))}`);
}

function sane(kind, item) {
  const number = (name) => item[name];
  if (kind === "trade") ok(number("price") > 0 && number("size") > 0, item);
  else if (kind === "quote") ok(number("bidPrice") > 0 && number("bidPrice") < number("askPrice"), item);
  else if (kind === "bar") ok(number("low") <= number("open") && number("open") <= number("high"), item);
  else if (kind === "book") ok(item.bids?.length || item.asks?.length, item);
  else if (kind === "news") ok(item.headline, item);
  else if (kind === "update") ok(item.event && item.order, item);
  else throw new Error(`unknown kind ${kind}`);
}

const status = await (await fetch(`http://${host}/wickwire/status`)).json();
const contracts = status.symbols.filter((s) => s.class.endsWith("option")).map((s) => s.symbol);
const at = (path) => ({ credentials, url: `ws://${host}${path}` });

await Promise.all([
  collect("stocks", new streaming.StockDataStream(at("/v2/iex")), ["trade", "quote", "bar"],
    (s, got) => { s.onTrade(got("trade")); s.onQuote(got("quote")); s.onBar(got("bar")); },
    (s) => { s.subscribeForTrades(["*"]); s.subscribeForQuotes(["*"]); s.subscribeForBars(["*"]); }, sane),
  collect("crypto", new streaming.CryptoDataStream(at("/v1beta3/crypto/us")), ["trade", "quote", "book", "bar"],
    (s, got) => { s.onTrade(got("trade")); s.onQuote(got("quote")); s.onOrderbook(got("book")); s.onBar(got("bar")); },
    (s) => {
      s.subscribeForTrades(["BTC/USD", "ETH/USD"]);
      s.subscribeForQuotes(["BTC/USD"]);
      s.subscribeForOrderbooks(["BTC/USD"]);
      s.subscribeForBars(["BTC/USD"]);
    }, sane),
  collect("options", new streaming.OptionDataStream(at("/v1beta1/indicative")), ["trade", "quote"],
    (s, got) => { s.onTrade(got("trade")); s.onQuote(got("quote")); },
    (s) => { s.subscribeForTrades(contracts); s.subscribeForQuotes(contracts); }, sane),
  collect("news", new streaming.NewsStream(at("/v1beta1/news")), ["news"],
    (s, got) => s.onNews(got("news")), (s) => s.subscribeForNews(["*"]), sane),
  collect("trade updates", new streaming.TradingStream(at("/stream")), ["update"],
    (s, got) => s.onTradeUpdate(got("update")), (s) => s.subscribeTradeUpdates(), sane),
]);
process.exit(failures ? 1 : 0);
