// Gives the agenda of the CPTS the height it needs in this page. Sets no cookie, reads nothing, asks nothing else.
(() => {
  const site = new URL(document.currentScript.src).origin;
  const blocks = () => [...document.querySelectorAll("iframe")].filter((one) => one.src.startsWith(`${site}/bloc`));
  addEventListener("message", (event) => {
    const height = event.origin === site && event.data ? event.data.cptsBlockHeight : null;
    if (!Number.isFinite(height)) return;
    const block = blocks().find((one) => one.contentWindow === event.source);
    if (block) block.style.height = `${Math.min(Math.max(Math.ceil(height), 100), 6000)}px`;
  });
  const ask = () => {
    for (const one of blocks()) one.contentWindow.postMessage("cpts-block-height", site);
  };
  ask();
  addEventListener("load", ask);
})();
