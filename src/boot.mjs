// Tells how the loading of the module goes, and says so if it fails, then or later.

// A fault of the module stops it in the middle of its work: a chart that stands still must not pass for
// a quiet market.
function stopped(fault) {
  // The browser's own errors are no faults of the module, but for a stack that overflowed in it.
  const overflow = fault instanceof RangeError && /wasm/.test(fault.stack);
  if (!(fault instanceof WebAssembly.RuntimeError || overflow) || document.getElementById("stopped")) return;
  const notice = document.createElement("div");
  notice.id = "stopped";
  notice.setAttribute("role", "alert");
  notice.setAttribute("aria-label", "Fault");
  notice.append("Wickwire has stopped by a fault of its own: what you see no longer changes. ");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = "Reload the page";
  button.addEventListener("click", () => location.reload());
  notice.append(button);
  document.body.append(notice);
}
addEventListener("error", ({ error }) => stopped(error));
addEventListener("unhandledrejection", ({ reason }) => stopped(reason));

export default function initializer() {
  const text = () => document.getElementById("boot-text");
  const say = (words) => {
    const element = text();
    if (element) element.textContent = words;
  };
  return {
    onStart() {},
    onProgress({ current, total }) {
      if (total > 0) say(`Loading… ${Math.min(100, Math.round((100 * current) / total))} %`);
    },
    onComplete() {
      say("Starting…");
    },
    onSuccess() {},
    onFailure(error) {
      document.getElementById("boot")?.classList.add("boot-failed");
      say(`This page could not start: ${error?.message ?? error}. Reload it, or try a current browser.`);
    },
  };
}
