// Opens one page in a fresh browser, waits until it is quiet, and reads what a person would see of it: its text and its links,
// and a picture of it if that is wanted. What it shows is a stranger's; its programs see nothing but the page itself.

import { setTimeout as sleep } from "node:timers/promises";
import type { Sandbox } from "../bubblewrap.ts";
import { browserLimits } from "../sizes.ts";
import { openBrowser } from "./cell.ts";
import type { BrowserProgram } from "./find.ts";
import { openTraffic, type Traffic, type TrafficOptions } from "./traffic.ts";

/** A page as it was seen. */
export interface SeenPage {
  /** Why it could not be opened, in a sentence; null when it could. */
  trouble: string | null;
  status: number | null;
  url: string;
  title: string;
  text: string;
  links: { text: string; url: string }[];
  picture: Buffer | null;
  /** It was still at work when it was read. */
  restless: boolean;
  traffic: Pick<Traffic, "heard" | "refused">;
}

/** Opens and reads a page. Throws when the browser fails, or when the signal aborts. */
export async function readPage(
  url: string,
  from: { sandbox: Sandbox; browser: BrowserProgram },
  options: TrafficOptions,
): Promise<SeenPage> {
  const { signal } = options;
  signal.throwIfAborted();
  await using cell = await openBrowser(from.sandbox, from.browser);
  const { cdp, lost } = cell;
  const stopped = new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
  stopped.catch(() => {});
  const within = <T>(work: Promise<T>): Promise<T> => {
    work.catch(() => {});
    return Promise.race([work, lost, stopped]);
  };
  const { targetId } = await within(cdp.send("Target.createTarget", { url: "about:blank" }));
  const { sessionId } = await within(cdp.send("Target.attachToTarget", { targetId, flatten: true }));
  const ask = (method: string, params: Record<string, unknown> = {}) =>
    within(cdp.send(method, params, sessionId));
  await within(cdp.send("Browser.setDownloadBehavior", { behavior: "deny" }));
  await ask("Page.enable");
  await ask("Network.setBypassServiceWorker", { bypass: true });
  const { frameTree } = await ask("Page.getFrameTree");
  const mainFrame = frameTree.frame.id as string;
  let loaded = false;
  cdp.onEvent(({ method, params, sessionId: of }) => {
    if (of !== sessionId) return;
    if (method === "Page.loadEventFired") loaded = true;
    // Nobody is there to answer a question of a page.
    if (method === "Page.javascriptDialogOpening")
      cdp
        .send("Page.handleJavaScriptDialog", { accept: params.type === "beforeunload" }, sessionId)
        .catch(() => {});
  });
  const traffic = await within(openTraffic(cdp, { id: sessionId, mainFrame }, options));
  const { errorText } = await ask("Page.navigate", { url });
  const { heard, refused } = traffic;
  const page: SeenPage = {
    ...{ trouble: traffic.trouble(), status: traffic.status(), url, title: "", text: "", links: [] },
    ...{ picture: null, restless: false, traffic: { heard, refused } },
  };
  if (errorText || page.trouble !== null) return { ...page, trouble: page.trouble ?? `${errorText}.` };
  page.restless = !(await within(settle(traffic, () => loaded, signal)));
  if (traffic.trouble() !== null) return { ...page, trouble: traffic.trouble() };
  // In a world of its own, where the programs of the page have changed nothing.
  const { executionContextId: contextId } = await ask("Page.createIsolatedWorld", { frameId: mainFrame });
  const { result } = await ask("Runtime.evaluate", {
    expression: look,
    contextId,
    returnByValue: true,
    timeout: browserLimits.restlessMs,
  });
  const { value } = result as { value?: Pick<SeenPage, "url" | "title" | "text" | "links"> };
  if (!value) return { ...page, trouble: "nothing of it can be read." };
  const picture = options.pictures ? await ask("Page.captureScreenshot", { format: "png" }) : null;
  return {
    ...page,
    ...value,
    status: traffic.status(),
    picture: picture ? Buffer.from(picture.data as string, "base64") : null,
  };
}

/** Waits until a page has been quiet for a while; false when it never is. */
async function settle(traffic: Traffic, isLoaded: () => boolean, signal: AbortSignal): Promise<boolean> {
  const begun = performance.now();
  while (performance.now() - begun < browserLimits.restlessMs) {
    await sleep(50, undefined, { signal });
    if (isLoaded() && traffic.quiet() >= browserLimits.quietMs) return true;
  }
  return false;
}

// Runs in the page: innerText is what is seen, so hidden words stay hidden.
const look = `(() => {
  const cut = (text, most) => String(text ?? "").slice(0, most);
  const links = [];
  for (const a of document.querySelectorAll("a[href]")) {
    if (links.length >= ${browserLimits.links}) break;
    const text = a.innerText?.replace(/\\s+/g, " ").trim();
    if (!text || !/^https?:/.test(a.href) || links.some((link) => link.url === a.href)) continue;
    links.push({ text: cut(text, ${browserLimits.linkChars}), url: cut(a.href, ${browserLimits.linkChars}) });
  }
  return {
    url: cut(location.href, 2000),
    title: cut(document.title, 300),
    text: cut(document.body?.innerText, ${10 * browserLimits.chars}),
    links,
  };
})()`;
