// How Hum hears and speaks: settings, do not disturb, servers of speech, a recogniser that streams. Without any weights.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { senses } from "../src/device/senses/catalogue.ts";
import { joinVoices } from "../src/device/senses/open.ts";
import { isQuiet, isUrgent } from "../src/device/senses/quiet.ts";
import { readSettings, saveSettings } from "../src/device/senses/settings.ts";
import { openFlite } from "../src/device/voice/flite.ts";
import { toPiperModel, toPiperTokens } from "../src/device/voice/piper-files.ts";
import { openRemoteHearing, openRemoteSpeech } from "../src/device/voice/remote.ts";
import { openStreaming } from "../src/device/voice/streaming.ts";
import type { Speech } from "../src/device/voice/voice.ts";
import { fromWav, toWav } from "../src/device/voice/wav.ts";
import { testSpeech } from "./contract/voice.ts";
import { openTestHouse } from "./fixtures/house-kit.ts";

const at = (clock: string) => {
  const [hours = 0, minutes = 0] = clock.split(":").map(Number);
  return { getHours: () => hours, getMinutes: () => minutes };
};

test("[V10] it is quiet when the switch is on, and in the hours of each day, also over midnight", () => {
  const night = { on: false, hours: { from: "22:00", to: "07:30" } };
  for (const [clock, quiet] of Object.entries({
    ...{ "21:59": false, "22:00": true, "23:59": true, "00:00": true, "07:29": true, "07:30": false },
    "12:00": false,
  }))
    assert.equal(isQuiet(night, at(clock)), quiet, clock);
  const noon = { on: false, hours: { from: "12:00", to: "13:00" } };
  assert.deepEqual(
    ["11:59", "12:00", "12:59", "13:00"].map((clock) => isQuiet(noon, at(clock))),
    [false, true, true, false],
  );
  assert.equal(isQuiet({ on: true, hours: null }, at("12:00")), true);
  assert.equal(isQuiet({ on: false, hours: null }, at("03:00")), false);
  assert.equal(isQuiet({ on: false, hours: { from: "08:00", to: "08:00" } }, at("08:00")), false);
  assert.deepEqual(["approval", "result", "question", "text"].map(isUrgent), [true, false, false, false]);
});

test("settings are kept beside those of others; what cannot be is refused and changes nothing", async () => {
  const home = await mkdtemp(join(tmpdir(), "hum-senses-"));
  try {
    const file = join(home, "config.json");
    await writeFile(file, JSON.stringify({ model: "mine", senses: { voice: "awb", sight: { url: "x" } } }));
    await saveSettings(home, { senses: { speed: 1.5 }, quiet: { on: true } });
    const { senses: now, quiet } = await readSettings(home);
    assert.deepEqual([now.voice, now.speed, now.language, quiet.on], ["awb", 1.5, undefined, true]);
    const kept = JSON.parse(await readFile(file, "utf8")) as { model: string; senses: { sight: object } };
    assert.deepEqual([kept.model, kept.senses.sight], ["mine", { url: "x" }]);
    for (const change of [
      { senses: { speed: 9 } },
      { senses: { patience: "never" as "quick" } },
      { senses: { hearing: { url: "file:///etc/passwd", model: "x" } } },
      { quiet: { hours: { from: "25:00", to: "07:00" } } },
    ])
      await assert.rejects(saveSettings(home, change), { code: "bad-input" });
    assert.equal((await readSettings(home)).senses.speed, 1.5);
    // Two switches quickly, one after the other: neither undoes the other.
    await Promise.all([
      saveSettings(home, { quiet: { hours: { from: "22:00", to: "06:30" } } }),
      saveSettings(home, { senses: { speed: 9 } }).catch(() => {}),
      saveSettings(home, { quiet: { on: false } }),
      saveSettings(home, { senses: { voice: "rms" } }),
      saveSettings(home, { senses: { speed: 1.2 } }),
    ]);
    const both = await readSettings(home);
    assert.deepEqual(
      [both.quiet.on, both.quiet.hours?.to, both.senses.voice, both.senses.speed],
      [false, "06:30", "rms", 1.2],
    );
    await writeFile(file, JSON.stringify({ senses: { speed: "fast" } }));
    await assert.rejects(readSettings(home), { code: "damaged" });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});

test("over HTTP: settings are read and changed, servers of speech are not", async () => {
  await using house = await openTestHouse();
  const first = await house.ask("GET", "/api/v1/senses");
  assert.equal(first.status, 200, first.text);
  assert.deepEqual(first.json.remote, { hearing: null, speaking: null, sight: null });
  assert.equal(first.json.here.sight, false);
  assert.ok(first.json.voices.includes("slt"));
  assert.equal(first.json.quietNow, false);
  const wish = { voice: "rms", speed: 1.25, patience: "patient", quiet: { on: true } };
  const changed = await house.ask("PATCH", "/api/v1/senses", wish);
  assert.equal(changed.status, 200, changed.text);
  assert.deepEqual([changed.json.voice, changed.json.speed, changed.json.quietNow], ["rms", 1.25, true]);
  // What is not named stays: the switch and the hours are set one by one.
  const night = { from: "22:00", to: "06:30" };
  await house.ask("PATCH", "/api/v1/senses", { quiet: { on: true } });
  await house.ask("PATCH", "/api/v1/senses", { quiet: { hours: night } });
  assert.deepEqual((await house.ask("GET", "/api/v1/senses")).json.quiet, { on: true, hours: night });
  await house.ask("PATCH", "/api/v1/senses", { quiet: { on: false } });
  assert.deepEqual((await house.ask("GET", "/api/v1/senses")).json.quiet, { on: false, hours: night });
  const usual = await house.ask("PATCH", "/api/v1/senses", { voice: null });
  assert.deepEqual([usual.json.voice, usual.json.patience], [null, "patient"]);
  assert.equal((await house.ask("PATCH", "/api/v1/senses", { language: "de" })).json.language, "de");
  assert.equal((await house.ask("PATCH", "/api/v1/senses", { language: null })).json.language, null);
  // Where pictures go is told; a wrong entry there takes nobody's voice away.
  for (const [url, told] of [
    ["http://127.0.0.1:1/v1", "http://127.0.0.1:1/v1"],
    ["nowhere", null],
  ]) {
    await writeFile(
      join(house.home, "config.json"),
      JSON.stringify({ senses: { sight: { url, model: "m" } } }),
    );
    assert.equal((await house.ask("GET", "/api/v1/senses")).json.remote.sight, told);
  }
  for (const wrong of [
    { speed: 9 },
    { hearing: { url: "https://a.example/v1", model: "x" } },
    { quiet: { on: 1 } },
  ])
    assert.equal((await house.ask("PATCH", "/api/v1/senses", wrong)).status, 400);
  assert.deepEqual(house.errors, []);
});

interface Asked {
  path: string;
  key: string | undefined;
  type: string;
  body: Buffer;
}

const servers: Server[] = [];
after(() => {
  for (const server of servers) server.close().closeAllConnections();
});

/** A server of speech on this machine. */
async function serve(answer: (asked: Asked) => Promise<Buffer | string | number>): Promise<string> {
  const server = createServer(async (request: IncomingMessage, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const { authorization, "content-type": type = "" } = request.headers;
    const result = await answer({
      ...{ path: request.url ?? "", key: authorization, type, body: Buffer.concat(pieces) },
    });
    if (typeof result === "number") response.writeHead(result).end("no");
    else response.end(result);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

const heard = (seconds: number) =>
  Float32Array.from({ length: seconds * 16_000 }, (_, i) => Math.sin(i / 9) * 0.3);

test("a server hears: it is sent a WAV with the model, the language and the key, and nothing for silence", async () => {
  const asked: Asked[] = [];
  const url = await serve(async (one) => {
    asked.push(one);
    return JSON.stringify({ text: " Add up the list. [Music]" });
  });
  const hearing = openRemoteHearing({ url, model: "whisper-1", keyEnv: "SPEECH", env: { SPEECH: "secret" } });
  assert.equal(await hearing.transcribe(heard(1), { language: "en" }), "Add up the list.");
  assert.equal(await hearing.transcribe(new Float32Array(16_000)), "");
  assert.equal(asked.length, 1);
  const [one] = asked as [Asked];
  assert.deepEqual([one.path, one.key], ["/v1/audio/transcriptions", "Bearer secret"]);
  const form = await new Response(new Uint8Array(one.body), {
    headers: { "content-type": one.type },
  }).formData();
  assert.deepEqual(
    ["model", "language", "response_format"].map((name) => form.get(name)),
    ["whisper-1", "en", "json"],
  );
  const sound = fromWav(new Uint8Array(await (form.get("file") as File).arrayBuffer()));
  assert.equal(sound.length, 16_000);
});

test("a server of speech that fails is a word that says so", async () => {
  const failing = async (answer: Buffer | string | number) => serve(async () => answer);
  const hear = (url: string) => openRemoteHearing({ url, model: "x" }).transcribe(heard(1));
  await assert.rejects(hear(await failing(500)), /speech server 127.0.0.1:\d+ said 500/);
  await assert.rejects(hear(await failing("<html>")), /something else than JSON/);
  await assert.rejects(hear("http://127.0.0.1:9/v1"), /cannot be asked/);
  const speak = (url: string) => openRemoteSpeech({ url, model: "x" }).speak("Hello.");
  await assert.rejects(speak(await failing("not a sound")), /sent no sound/);
  await assert.rejects(
    openRemoteSpeech({ url: "http://127.0.0.1:9/v1", model: "x", keyEnv: "NONE", env: {} }).speak("Hello."),
    /NONE/,
  );
});

let flite: Promise<Speech> | null = null;
testSpeech("a server", async () => {
  const url = await serve(async ({ body }) => {
    flite ??= openFlite();
    const { input, speed, response_format } = JSON.parse(String(body)) as {
      input: string;
      speed: number;
      response_format: string;
    };
    assert.equal(response_format, "wav");
    return toWav(await (await flite).speak(input, { speed }));
  });
  return openRemoteSpeech({ url, model: "tts-1", voice: "alloy" });
});

test("of two drivers of voices each speaks with its own", async () => {
  const driver = (id: string, voices: string[]): Speech => ({
    ...{ id, voices },
    speak: async () => new Float32Array(id === "a" ? 1 : 2),
  });
  const both = joinVoices(driver("a", ["joe"]), driver("b", ["slt", "awb"]));
  assert.deepEqual(both.voices, ["joe", "slt", "awb"]);
  const lengths = [undefined, "joe", "awb", "nobody"].map(
    async (voice) => (await both.speak("Hi", voice === undefined ? {} : { voice })).length,
  );
  assert.deepEqual(await Promise.all(lengths), [1, 1, 2, 1]);
});

test("a Piper voice gets what its settings say as metadata, and its phonemes as a list", () => {
  const settings = JSON.stringify({
    audio: { sample_rate: 22_050 },
    espeak: { voice: "en-us" },
    phoneme_id_map: { _: [0], " ": [3], a: [14] },
  });
  assert.equal(toPiperTokens(settings), "_ 0\n  3\na 14\n");
  const model = toPiperModel(Buffer.from([8, 7]), settings);
  assert.deepEqual([...model.subarray(0, 2)], [8, 7]);
  for (const word of ["sample_rate", "22050", "en-us", "piper", "n_speakers"])
    assert.ok(model.includes(word), word);
});

test("each sense names what its files must be", () => {
  for (const entry of senses) {
    const { id, bytes, sha256 } = entry;
    assert.match(sha256, /^[0-9a-f]{64}$/, id);
    if ("packages" in entry) continue;
    const { several, parts } = entry;
    if (!several) assert.ok(parts.length > 0, id);
    const sum = several?.reduce((all, one) => all + one.bytes, 0) ?? bytes;
    assert.equal(sum, bytes, id);
    for (const one of several ?? []) assert.match(one.sha256, /^[0-9a-f]{64}$/);
  }
});

test("a recogniser that streams hears each piece once, and its capitals become a sentence", async () => {
  const accepted: number[] = [];
  let ready = 0;
  class OnlineRecognizer {
    createStream() {
      return {
        acceptWaveform: ({ samples }: { samples: Float32Array }) => {
          accepted.push(samples.length);
          ready = 2;
        },
        inputFinished: () => accepted.push(-1),
      };
    }
    isReady = () => ready > 0;
    decode() {
      ready--;
    }
    getResult = () => ({ text: accepted.length < 2 ? " WHAT" : " WHAT DID I SAY" });
  }
  const hearing = await openStreaming({ folder: "/none", library: { OnlineRecognizer } });
  const stream = hearing.begin?.();
  stream?.accept(heard(1));
  assert.equal(stream?.words(), "What");
  assert.equal(stream?.end(), "What did I say");
  assert.deepEqual(accepted, [16_000, 8_000, -1]);
  assert.equal(await hearing.transcribe(new Float32Array(16_000)), "");
  const broken = class {
    constructor() {
      throw new Error("no such file");
    }
  } as unknown as typeof OnlineRecognizer;
  await assert.rejects(openStreaming({ folder: "/none", library: { OnlineRecognizer: broken } }), {
    code: "damaged",
  });
});
