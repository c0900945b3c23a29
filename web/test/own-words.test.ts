// What Hum says of itself in rows, posts and topics is said in the language of the person: in English as the server says it, in
// Chinese without an English word of its own. Names, places and words of others stay as they are.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createInstance, type i18n } from "i18next";
import type { InboxItem } from "../../os/src/workplace/contract.ts";
import { firstChannels } from "../../os/src/workplace/first-channels.ts";
import { toAbout } from "../src/chat/view/about.ts";
import { toShownTitle } from "../src/inbox/view.ts";

async function open(language: "en" | "zh"): Promise<i18n["t"]> {
  const texts = JSON.parse(readFileSync(new URL(`../src/i18n/${language}.json`, import.meta.url), "utf8"));
  const one = createInstance();
  await one.init({
    ...{ lng: language, fallbackLng: false, resources: { [language]: { translation: texts } } },
    interpolation: { escapeValue: false },
  });
  return one.t;
}

const [english, chinese] = [await open("en"), await open("zh")];

/** Latin words of a text, without those of others. */
const foreign = (text: string, others: readonly string[] = []): string[] =>
  others.reduce((left, other) => left.replaceAll(other, ""), text).match(/[a-z]{2,}/gi) ?? [];

test("the topics of the first channels are Hum's words; those that a person wrote stay", () => {
  for (const channel of firstChannels) {
    assert.equal(toAbout(channel, english), channel.about);
    assert.deepEqual(foreign(toAbout(channel, chinese)), []);
  }
  assert.equal(toAbout({ id: "general", about: "Only cats." }, chinese), "Only cats.");
  assert.equal(toAbout({ id: "mine", about: firstChannels[0].about }, chinese), firstChannels[0].about);
});

test("the title of a row of the inbox", () => {
  const row = (kind: InboxItem["kind"], title: string) => ({ kind, title }) as InboxItem;
  for (const [kind, title] of [
    ["result", "clerk in Put the photos in order"],
    ["question", "guide in work in progress"],
    ["approval", "clerk: http.get"],
    ["trouble", "Hum"],
  ] as const) {
    assert.equal(toShownTitle(row(kind, title), english), title);
    const shown = toShownTitle(row(kind, title), chinese);
    const others = ["Put the photos in order", "work in progress", "clerk", "guide", "http.get", "Hum"];
    assert.deepEqual(foreign(shown, others), [], shown);
  }
});
