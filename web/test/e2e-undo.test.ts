// An undo in the page, of events on a real CalDAV server: what the entity added is gone, what somebody changed since is named and
// stays until a second yes.

import assert from "node:assert/strict";
import { mkdtemp, realpath, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { ProcessRow } from "../../os/src/workplace/contract.ts";
import { openCalendarServer, skipWithoutCalendarServer } from "../../os/test/fixtures/calendar-server.ts";
import { openTab, skipReason, startBrowser, startReal, until } from "./kit/real.ts";

const toText = (title: string): string =>
  [
    ...["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//EN", "BEGIN:VEVENT", "UID:dentist-1"],
    ...["DTSTAMP:20261001T000000Z", "DTSTART:20271103T090000Z", "DTEND:20271103T100000Z", `SUMMARY:${title}`],
    ...["END:VEVENT", "END:VCALENDAR", ""],
  ].join("\r\n");

const planner = '---\nname: planner\ndescription: Plans.\ntools: ["calendar.*", done]\n---\nPlan.\n';

test("events are taken back in the page; what somebody else changed is named and asked for", {
  skip: skipReason || skipWithoutCalendarServer(),
}, async () => {
  await using server = await openCalendarServer();
  const home = await realpath(await mkdtemp(join(tmpdir(), "hum-e2e-")));
  const calendar = await server.make("own");
  await server.put(calendar, "dentist.ics", toText("Dentist"));
  server.addTo(home);
  const { name: _name, ...account } = calendar;
  await writeFile(join(home, "calendar.json"), JSON.stringify({ own: account }));
  const titles = async () =>
    (await server.read("own"))
      .map((text) => `${/SUMMARY:(.*)\r/.exec(text)?.[1]} ${/DTSTART.*T(\d\d)/.exec(text)?.[1]}`)
      .sort();

  const hum = await startReal({ home });
  const browser = await startBrowser();
  try {
    await hum.ask("PUT", "/programs/planner", { text: planner });
    const task = {
      task: "Put a visit into my calendar and move the dentist, dentist-1.",
      program: "planner",
    };
    const { pid } = await hum.ask<ProcessRow>("POST", "/processes", task);
    await until(async () => (await hum.ask<ProcessRow>("GET", `/processes/${pid}`)).ended);
    assert.deepEqual(await titles(), ["Dentist 11", "Visit 10"]);
    await server.put(calendar, "dentist.ics", toText("Dentist of Kim"));

    const { page, errors, context } = await openTab(browser, hum.address);
    await page.locator("#main").waitFor();
    await page.evaluate((to) => {
      location.hash = to;
    }, `/processes/${pid}`);
    await page.getByRole("tab", { name: "Files" }).click();
    await page.getByText('"Visit" (calendar own)').waitFor();
    await page.locator("#main").getByRole("button", { name: "Undo its changes" }).last().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Undo its changes" }).click();
    await dialog.getByText('"Dentist" (calendar own) was left alone: somebody changed it since.').waitFor();
    assert.deepEqual(await titles(), ["Dentist of Kim 09"]);
    await dialog.getByRole("button", { name: "Undo all the same" }).click();
    await until(async () => (await titles())[0] === "Dentist 09", "the dentist as it was");
    await dialog.waitFor({ state: "detached" });
    assert.deepEqual(errors, []);
    await context.close();
  } finally {
    await browser.close();
    await hum.end();
  }
});
