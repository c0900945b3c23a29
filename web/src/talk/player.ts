// Plays the sentences of answers one after the other, and knows how much of the present answer was heard.

const rate = 16_000;

/** A player. */
export interface Player {
  /** Adds a sentence of the answer with this id. */
  add(answer: string, samples: Int16Array): void;
  /** Stops at once; gives the milliseconds of the present answer that were played. */
  stop(): number;
  /** Milliseconds of the present answer that were played. */
  playedMs(): number;
}

/** Makes a player; `onEmpty` is told each time everything was played. */
export function createPlayer(context: AudioContext, onEmpty: () => void): Player {
  const sources = new Set<AudioBufferSourceNode>();
  let answer = "";
  let parts: { from: number; seconds: number }[] = [];
  let next = 0;
  const playedMs = () =>
    1000 *
    parts.reduce(
      (sum, { from, seconds }) => sum + Math.max(0, Math.min(seconds, context.currentTime - from)),
      0,
    );
  return {
    playedMs,
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
      source.connect(context.destination);
      const from = Math.max(next, context.currentTime + 0.005);
      source.start(from);
      next = from + buffer.duration;
      parts.push({ from, seconds: buffer.duration });
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
      next = 0;
      return played;
    },
  };
}
