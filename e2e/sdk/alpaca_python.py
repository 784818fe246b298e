"""alpaca-py, unmodified, against the relay whose host and port is the argument."""

import asyncio
import os
import sys
from datetime import datetime, timezone

from alpaca.data.historical import CryptoHistoricalDataClient, NewsClient, StockHistoricalDataClient
from alpaca.data.live import CryptoDataStream, NewsDataStream, OptionDataStream, StockDataStream
from alpaca.data.requests import CryptoBarsRequest, NewsRequest, StockBarsRequest, StockLatestQuoteRequest
from alpaca.data.timeframe import TimeFrame
from alpaca.trading.stream import TradingStream

HOST = sys.argv[1]
WS, HTTP = f"ws://{HOST}", f"http://{HOST}"
KEYS = ("key", "secret")
WAIT_SECONDS = 120
failures = 0


def report(name, error=None):
    global failures
    failures += error is not None
    print(f"ok {name}" if error is None else f"not ok {name}: {error}", flush=True)


async def collect(name, stream, subscribe, kinds, check):
    """Runs a stream until every one of `kinds` came and passed `check`, or the time is up."""
    seen, done = {}, asyncio.Event()

    def handler(kind):
        async def handle(item):
            if kind not in seen:
                seen[kind] = item
            if set(seen) == set(kinds):
                done.set()
        return handle

    subscribe(stream, handler)
    task = asyncio.create_task(stream._run_forever())
    try:
        await asyncio.wait_for(done.wait(), WAIT_SECONDS)
        for kind, item in seen.items():
            check(kind, item)
        report(name)
    except Exception as error:  # every failure is one result line
        missing = sorted(set(kinds) - set(seen))
        report(name, f"{type(error).__name__} {error}; missing {missing}")
    finally:
        # `stop()` waits for the loop it is called on; cancelling the task closes the socket.
        task.cancel()


def sane(kind, item):
    if kind == "trade":
        assert item.price > 0 and item.size > 0, item
    if kind == "quote":
        assert 0 < item.bid_price < item.ask_price, item
    if kind in ("bar", "daily"):
        assert item.low <= item.open <= item.high and item.low <= item.close <= item.high, item
        assert item.trade_count is not None and item.vwap is not None, item
    if kind == "book":
        assert item.bids or item.asks, item
    stamp = getattr(item, "timestamp", None)
    assert stamp is None or stamp.tzinfo is not None, item


def stocks(stream, handler):
    stream.subscribe_trades(handler("trade"), "*")
    stream.subscribe_quotes(handler("quote"), "*")
    stream.subscribe_bars(handler("bar"), "*")
    stream.subscribe_daily_bars(handler("daily"), "*")


def crypto(stream, handler):
    stream.subscribe_trades(handler("trade"), "BTC/USD", "ETH/USD")
    stream.subscribe_quotes(handler("quote"), "BTC/USD")
    stream.subscribe_orderbooks(handler("book"), "BTC/USD")
    stream.subscribe_bars(handler("bar"), "BTC/USD")


def options(contracts):
    def subscribe(stream, handler):
        stream.subscribe_trades(handler("trade"), *contracts)
        stream.subscribe_quotes(handler("quote"), *contracts)
    return subscribe


def news_check(kind, item):
    assert item.headline and item.id > 0, item


def update_check(kind, item):
    assert item.order.symbol and item.event, item


def rest(name, call):
    try:
        call()
        report(name)
    except Exception as error:
        report(name, f"{type(error).__name__} {error}")


def rest_tests(status):
    start = datetime.fromisoformat(status["clock"].replace("Z", "+00:00")).astimezone(timezone.utc)
    start = start.replace(hour=0, minute=0, second=0, microsecond=0)

    def stock_bars():
        client = StockHistoricalDataClient(*KEYS, url_override=HTTP)
        bars = client.get_stock_bars(StockBarsRequest(symbol_or_symbols=["IBM"], timeframe=TimeFrame.Minute, start=start))
        assert len(bars["IBM"]) > 0

    def quote():
        client = StockHistoricalDataClient(*KEYS, url_override=HTTP)
        quote = client.get_stock_latest_quote(StockLatestQuoteRequest(symbol_or_symbols="IBM"))["IBM"]
        assert 0 < quote.bid_price < quote.ask_price

    def crypto_bars():
        client = CryptoHistoricalDataClient(*KEYS, url_override=HTTP)
        bars = client.get_crypto_bars(CryptoBarsRequest(symbol_or_symbols=["BTC/USD"], timeframe=TimeFrame.Minute, start=start))
        assert len(bars["BTC/USD"]) > 0

    def news():
        assert NewsClient(*KEYS, url_override=HTTP).get_news(NewsRequest(limit=10)).data

    rest("rest stock bars", stock_bars)
    rest("rest latest quote", quote)
    rest("rest crypto bars", crypto_bars)
    rest("rest news", news)


async def main():
    import json
    import urllib.request

    status = json.load(urllib.request.urlopen(f"{HTTP}/wickwire/status"))
    contracts = [s["symbol"] for s in status["symbols"] if s["class"].endswith("option")]
    await asyncio.to_thread(rest_tests, status)
    streams = [
        ("stocks", StockDataStream(*KEYS, url_override=f"{WS}/v2/iex"), stocks, ["trade", "quote", "bar", "daily"], sane),
        ("crypto", CryptoDataStream(*KEYS, url_override=f"{WS}/v1beta3/crypto/us"), crypto, ["trade", "quote", "book", "bar"], sane),
        ("options", OptionDataStream(*KEYS, url_override=f"{WS}/v1beta1/indicative"), options(contracts), ["trade", "quote"], sane),
        ("news", NewsDataStream(*KEYS, url_override=f"{WS}/v1beta1/news"), lambda s, h: s.subscribe_news(h("news"), "*"), ["news"], news_check),
        ("trade updates", TradingStream(*KEYS, url_override=f"{WS}/stream"), lambda s, h: s.subscribe_trade_updates(h("update")), ["update"], update_check),
    ]
    await asyncio.gather(*(collect(*stream) for stream in streams))


asyncio.run(main())
# Leave without joining the SDK's own threads.
sys.stdout.flush()
os._exit(1 if failures else 0)
