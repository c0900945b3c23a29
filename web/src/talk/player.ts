// Plays the sentences of answers one after the other, and knows how much of the present answer was heard.

const rate = 16_000;

const levelSeconds = 0.032;

function toLevels(samples: Int16Array): number[] {
  const size = Math.round(rate * levelSeconds);
  return Array.from({ length: Math.ceil(samples.length / size) }, (_, i) =>
    loudnessOf(samples.subarray(i * size, (i + 1) * size)),
  );
}

/** How loud samples of 16 bits are: the root of the mean square, 0 to 1. */
export function loudnessOf(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += (sample / 32_768) ** 2;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
}

/**
 * Whether a piece of the microphone is but what Hum itself says: the browser takes most of that out, so what is left of it
 * is far softer than what is played, and somebody who speaks into the microphone is not.
 */
export const isEcho = (microphone: number, played: number): boolean => microphone < played * 0.08;

/** A player. */
export interface Player {
  /** Adds a sentence of the answer with this id. */
  add(answer: string, samples: Int16Array): void;
  /** Stops at once; gives the milliseconds of the present answer that were played. */
  stop(): number;
  /** Milliseconds of the present answer that were played. */
  playedMs(): number;
  /** Plays softly for a moment, as somebody may have begun to speak. */
  soften(): void;
  /** How loud it is just now or was a moment ago, as a root of the mean square. */
  loudness(): number;
}

/** How soft, and how long. */
const soft = { gain: 0.15, seconds: 0.6 };
/** What was played so many seconds ago may still be in the room. */
const airSeconds = 0.35;

/** Makes a player; `onEmpty` is told each time everything was played. */
export function createPlayer(context: AudioContext, onEmpty: () => void): Player {
  const gain = context.createGain();
  gain.connect(context.destination);
  const sources = new Set<AudioBufferSourceNode>();
  let answer = "";
  let parts: { from: number; seconds: number }[] = [];
  /** What was played last, with its loudness in pieces of 32 ms. */
  let air: { from: number; levels: number[] }[] = [];
  let next = 0;
  const playedMs = () =>
    1000 *
    parts.reduce(
      (sum, { from, seconds }) => sum + Math.max(0, Math.min(seconds, context.currentTime - from)),
      0,
    );
  return {
    playedMs,
    soften() {
      const { currentTime } = context;
      gain.gain.cancelScheduledValues(currentTime);
      gain.gain.setTargetAtTime(soft.gain, currentTime, 0.005);
      gain.gain.setTargetAtTime(1, currentTime + soft.seconds, 0.05);
    },
    loudness() {
      const until = context.currentTime;
      let loudest = 0;
      for (const { from, levels } of air)
        levels.forEach((level, i) => {
          const at = from + i * levelSeconds;
          if (at <= until && at >= until - airSeconds) loudest = Math.max(loudest, level);
        });
      return loudest;
    },
    add(id, samples) {
      if (id !== answer) parts = [];
      answer = id;
      const buffer = context.createBuffer(1, samples.length, rate);
      buffer.copyToChannel(
        Float32Array.from(samples, (sample) => sample / 32_768),
        0,
      );
      const source = context.createBufferSource();
      source.buffer = buffer;
      source.connect(gain);
      const from = Math.max(next, context.currentTime + 0.005);
      source.start(from);
      next = from + buffer.duration;
      parts.push({ from, seconds: buffer.duration });
      air = [...air.slice(-8), { from, levels: toLevels(samples) }];
      sources.add(source);
      source.onended = () => {
        if (sources.delete(source) && sources.size === 0) onEmpty();
      };
    },
    stop() {
      const played = playedMs();
      const all = [...sources];
      sources.clear();
      for (const source of all) source.stop();
      parts = [];
      air = [];
      next = 0;
      gain.gain.cancelScheduledValues(context.currentTime);
      gain.gain.value = 1;
      return played;
    },
  };
}
