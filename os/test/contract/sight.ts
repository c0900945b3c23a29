// The contract of all that see, as tests: one suite for the networks of this machine and for a server.
//
//   what is seen is safe as JSON, boxes lie within the picture, certainties within 0 and 1
//   a picture that cannot be looked at is an Error with a sentence      an aborted look ends at once

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { type Picture, type Seen, type Sight, toSeenWords } from "../../src/device/eyes/sight.ts";
import { readSize } from "../../src/device/eyes/size.ts";

const never = new AbortController().signal;

/** A picture of the fixtures. */
export async function openFixture(name: string): Promise<Picture> {
  const bytes = await readFile(new URL(`../fixtures/${name}`, import.meta.url));
  return { bytes, ...(readSize(bytes) as NonNullable<ReturnType<typeof readSize>>) };
}

/** Tests a driver. `expect` looks at what it sees on a photograph of one person. */
export function testSight(
  name: string,
  how: { open(): Promise<Sight & AsyncDisposable>; expect(seen: Seen): void; skip?: string | false },
): void {
  const skip = how.skip ?? false;

  test(`${name}: what is seen is data, within the picture, and can be said in words`, { skip }, async () => {
    await using sight = await how.open();
    const seen = await sight.look(await openFixture("person.jpg"), "Who is there?", never);
    assert.deepEqual(JSON.parse(JSON.stringify(seen)), seen);
    for (const { box, sure } of [...seen.things, ...seen.faces, ...seen.hands]) {
      assert.ok(box.length === 4 && box.every((part) => part >= 0 && part <= 1), `${box}`);
      assert.ok(sure > 0 && sure <= 1, `${sure}`);
    }
    assert.notEqual(toSeenWords(seen), "");
    how.expect(seen);
  });

  test(`${name}: a look that is given up ends with that, and the next one works`, { skip }, async () => {
    await using sight = await how.open();
    const picture = await openFixture("person.jpg");
    const gone = new AbortController();
    const looking = sight.look(picture, null, gone.signal);
    gone.abort(new Error("given up"));
    await assert.rejects(looking, /given up|abort/i);
    await assert.rejects(sight.look(picture, null, gone.signal), /given up|abort/i);
    how.expect(await sight.look(picture, null, never));
  });
}
