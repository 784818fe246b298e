"""Runs Alpaca's own SDKs against the relay: installs them, starts the relay, counts results.

A program under test prints one line a test, `ok NAME` or `not ok NAME: why`.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import venv

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
START_SECONDS = 20
TEST_SECONDS = 150


def install(tools: pathlib.Path) -> pathlib.Path:
    """Puts both SDKs under `tools` unless they are there in the wanted version; returns Python."""
    python = tools / "venv" / "bin" / "python"
    wanted = (HERE / "requirements.txt").read_text() + (HERE / "package.json").read_text()
    stamp = tools / "installed.txt"
    if stamp.exists() and stamp.read_text() == wanted:
        return python
    print("installing alpaca-py and @alpacahq/alpaca-trade-api (takes about a minute)", flush=True)
    tools.mkdir(parents=True, exist_ok=True)
    venv.create(tools / "venv", with_pip=True, clear=True)
    subprocess.run([python, "-m", "pip", "install", "-q", "-r", HERE / "requirements.txt"], check=True)
    js = tools / "js"
    js.mkdir(exist_ok=True)
    shutil.copy(HERE / "package.json", js)
    subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund"], cwd=js, check=True)
    stamp.write_text(wanted)
    return python


def start(relay: str) -> tuple[subprocess.Popen, str]:
    """Starts the simulated relay on a free port; returns it and its host and port."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("APCA_")}
    process = subprocess.Popen(
        [relay, "--port", "0", "--rate", "400", "--seed", "7"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=env,
    )
    for line in process.stdout:
        if "http://" in line:
            return process, line.split("http://")[1].split()[0].rstrip("/")
    raise SystemExit("the relay ended before it printed its address")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--relay", default=str(ROOT / "target/debug/wickwire-relay"))
    parser.add_argument("--tools", type=pathlib.Path, default=ROOT / "target/sdk")
    options = parser.parse_args()
    tools = options.tools.resolve()
    python = install(tools)
    shutil.copy(HERE / "alpaca_js.mjs", tools / "js")
    relay, host = start(options.relay)
    passed = failed = 0
    try:
        programs = {
            "alpaca-py": [python, HERE / "alpaca_python.py", host],
            "alpaca-trade-api": ["node", tools / "js" / "alpaca_js.mjs", host],
        }
        running = {
            name: subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            for name, command in programs.items()
        }
        for name, process in running.items():
            try:
                output, _ = process.communicate(timeout=TEST_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                output, _ = process.communicate()
                output += f"\nnot ok {name}: no end after {TEST_SECONDS} s"
            results = [l for l in output.splitlines() if l.startswith(("ok ", "not ok "))]
            for line in results:
                print(f"{name}: {line}")
            good = sum(l.startswith("ok ") for l in results)
            bad = len(results) - good
            if process.returncode != 0 and bad == 0 or not results:
                bad += 1
                print(f"{name}: not ok: ended with {process.returncode}\n{output[-4000:]}")
            passed, failed = passed + good, failed + bad
    finally:
        relay.terminate()
        relay.wait(10)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
