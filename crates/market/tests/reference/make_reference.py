"""Writes indicators.csv: bars of a seeded random walk, and what TA-Lib makes of them.

    pip install TA-Lib numpy
    python make_reference.py

The first columns are the bars. Each further column is one output of one indicator: the key of the
kind, its parameters, and the index of the output, joined by colons. An empty cell is a value that
does not exist. What TA-Lib does not have is computed here, row by row from its definition.
"""

import math
from pathlib import Path

import numpy as np
import talib

SEED = 20261125
BARS = 300
# Figures are compared within 1e-9 of their size.
DIGITS = 11
# Five-minute bars from 04:00 New York, 12 hours a day, over the change to winter time, so that
# a session's date is neither UTC's nor one constant shift away. Seconds since the epoch.
FIRST_DAY = 1793347200  # 2026-10-30 08:00 UTC = 04:00 EDT, a Friday
DAY_STARTS = [FIRST_DAY, FIRST_DAY + 3 * 86_400 + 3_600, FIRST_DAY + 4 * 86_400 + 3_600]
BARS_A_DAY = 144


def make_bars():
    """A walk with gaps, flat bars, equal closes, bars without volume and bars without delta."""
    random = np.random.default_rng(SEED)
    rows = []
    price = 180.0
    for index in range(BARS):
        day, slot = divmod(index, BARS_A_DAY)
        time = DAY_STARTS[day] + slot * 300
        open_ = price + (random.normal(0, 1.5) if slot == 0 else random.normal(0, 0.02))
        steps = open_ + np.cumsum(random.normal(0, 0.12, size=12))
        if random.random() < 0.05:
            steps[:] = open_
        if random.random() < 0.05:
            steps[-1] = price
        prices = np.round(np.concatenate([[open_], steps]), 2)
        volume = 0 if random.random() < 0.03 else int(random.integers(100, 50_000))
        low, high = prices.min(), prices.max()
        weighted = math.nan
        if volume and random.random() < 0.7:
            weighted = round(low + (high - low) * random.random(), 4)
        delta = math.nan
        if 40 <= index and random.random() < 0.9:
            delta = int(random.integers(-volume, volume + 1))
        rows.append((time, prices[0], high, low, prices[-1], volume, weighted, delta))
        price = prices[-1]
    return rows


def donchian(high, low, length):
    upper = np.full(len(high), np.nan)
    lower = np.full(len(high), np.nan)
    for i in range(length - 1, len(high)):
        upper[i] = max(high[i - length + 1 : i + 1])
        lower[i] = min(low[i - length + 1 : i + 1])
    return [upper, (upper + lower) / 2, lower]


def keltner(high, low, close, length, multiplier, atr_length):
    middle = talib.EMA(close, length)
    half = multiplier * talib.ATR(high, low, close, atr_length)
    middle = np.where(np.isnan(half), np.nan, middle)
    return [middle + half, middle, middle - half]


def vwap(time, high, low, close, volume, weighted):
    """By New York's date, which the three opening times give here."""
    out = []
    for i in range(len(time)):
        start = max(day for day in DAY_STARTS if day <= time[i])
        today = [j for j in range(i + 1) if time[j] >= start]
        price = [
            (high[j] + low[j] + close[j]) / 3 if math.isnan(weighted[j]) else weighted[j] for j in today
        ]
        total = math.fsum(volume[j] for j in today)
        value = math.fsum(p * volume[j] for p, j in zip(price, today))
        out.append(value / total if total else math.nan)
    return [np.array(out)]


def cvd(delta):
    known = [0.0 if math.isnan(d) else d for d in delta]
    sums = np.array([math.fsum(known[: i + 1]) for i in range(len(known))])
    return [np.where(np.isnan(delta), np.nan, sums)]


def macd(close, fast, slow, signal):
    # With a signal of one bar TA-Lib gives the line as soon as it is defined.
    line = talib.MACD(close, fast, slow, 1)[0]
    _, signals, histogram = talib.MACD(close, fast, slow, signal)
    return [line, signals, histogram]


def stochastic(high, low, close, length, k_smoothing, d_smoothing):
    # The same for %K and a %D of one bar.
    k, _ = talib.STOCH(high, low, close, length, k_smoothing, 0, 1, 0)
    _, d = talib.STOCH(high, low, close, length, k_smoothing, 0, d_smoothing, 0)
    return [k, d]


def adx(high, low, close, length):
    return [
        talib.ADX(high, low, close, length),
        talib.PLUS_DI(high, low, close, length),
        talib.MINUS_DI(high, low, close, length),
    ]


def main():
    rows = make_bars()
    time = [row[0] for row in rows]
    open_, high, low, close, volume, weighted, delta = (
        np.array([row[i] for row in rows], dtype=float) for i in range(1, 8)
    )
    studies = {
        "sma:20": [talib.SMA(close, 20)],
        "sma:7": [talib.SMA(close, 7)],
        "ema:20": [talib.EMA(close, 20)],
        "ema:2": [talib.EMA(close, 2)],
        "wma:20": [talib.WMA(close, 20)],
        "wma:5": [talib.WMA(close, 5)],
        "vwap": vwap(time, high, low, close, volume, weighted),
        "bollinger:20:2": talib.BBANDS(close, 20, 2.0, 2.0),
        "bollinger:5:1.5": talib.BBANDS(close, 5, 1.5, 1.5),
        "keltner:20:2:10": keltner(high, low, close, 20, 2.0, 10),
        "keltner:8:1.5:14": keltner(high, low, close, 8, 1.5, 14),
        "donchian:20": donchian(high, low, 20),
        "rsi:14": [talib.RSI(close, 14)],
        "rsi:5": [talib.RSI(close, 5)],
        "macd:12:26:9": macd(close, 12, 26, 9),
        "macd:5:8:3": macd(close, 5, 8, 3),
        "stochastic:14:3:3": stochastic(high, low, close, 14, 3, 3),
        "stochastic:9:4:2": stochastic(high, low, close, 9, 4, 2),
        "atr:14": [talib.ATR(high, low, close, 14)],
        "atr:3": [talib.ATR(high, low, close, 3)],
        "adx:14": adx(high, low, close, 14),
        "adx:6": adx(high, low, close, 6),
        "obv": [talib.OBV(close, volume)],
        "cvd": cvd(delta),
    }
    names = ["time", "open", "high", "low", "close", "volume", "vwap", "delta"]
    columns = [time, open_, high, low, close, volume, weighted, delta]
    for study, outputs in studies.items():
        for index, column in enumerate(outputs):
            names.append(f"{study}:{index}")
            columns.append(column)

    def cell(value):
        if isinstance(value, int):
            return str(value)
        return "" if math.isnan(value) else f"{value:.{DIGITS}g}"

    lines = [",".join(names)]
    lines += [",".join(cell(value) for value in row) for row in zip(*columns)]
    path = Path(__file__).with_name("indicators.csv")
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
    print(f"{path.name}: {len(rows)} bars, {len(names)} columns, TA-Lib {talib.__ta_version__.decode()}")


if __name__ == "__main__":
    main()
