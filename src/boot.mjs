// Tells how the loading of the module goes, and says so if it fails.
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
