// What tests of conversations do again and again: find the composer, the thread, a row; write; open a channel.

import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import type { Post, PostPage } from "../../../os/src/workplace/contract.ts";
import { openTab, type RealHum, type Tab } from "./real.ts";

/** The composer of a channel. */
export const composer = (page: Page, place = "#general") => page.getByLabel(`Write in ${place}`);

/** The thread beside the screen. */
export const inPane = (page: Page) => page.locator("aside.pane");

/** The composer of the thread. */
export const reply = (page: Page) => inPane(page).getByLabel("Reply", { exact: true });

/** The row of a post on the screen. */
export const rowOf = (page: Page, text: string) => page.locator("#main article.post", { hasText: text });

/** Goes to a path of the page. */
export const goTo = (page: Page, path: string) =>
  page.evaluate((to) => {
    location.hash = to;
  }, path);

/** The same through the API, on the server that runs now (it may be started again in between). */
export function talkOn(hum: () => RealHum) {
  return {
    write: (text: string, channel = "general") =>
      hum().ask<Post>("POST", `/channels/${channel}/posts`, { text }),
    postsOf: (place: string) => hum().ask<PostPage>("GET", `/${place}/posts?limit=200`),
    async newChannel(name: string): Promise<string> {
      await hum().ask("POST", "/channels", { name });
      return name;
    },
    /** Long answers hold in the middle from now on. */
    closeGate: () => rm(join(hum().home, "gate"), { force: true }),
    /** A tab that stands in a channel. */
    async openChannel(browser: Browser, name: string): Promise<Tab> {
      const tab = await openTab(browser, hum().address);
      await tab.page.locator("#main").waitFor();
      await goTo(tab.page, `/c/${name}`);
      await composer(tab.page, `#${name}`).waitFor();
      return tab;
    },
  };
}
