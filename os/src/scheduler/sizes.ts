// The numbers of asking servers, with their units.

/** How much a server is asked at once. */
export const throttleLimits = {
  /** First words whose times are remembered, how many make it known what is late, and the part of them that is not. */
  firsts: 64,
  leastFirsts: 20,
  latePart: 0.95,
  /** What is left of the calls at once after a refusal, and after an answer that began late. */
  refused: 0.5,
  slower: 0.9,
  /** An answer is late when it begins after so many times the quickest, and so many milliseconds. */
  slowFactor: 2,
  slowMs: 200,
  /** The quickest counts as twice as long after so many milliseconds: a server may become slower for good. */
  forgetMs: 10 * 60_000,
  /** A server that cannot be reached is left alone for so long, doubled each time. */
  pauseMs: 1_000,
  longestPauseMs: 60_000,
  /** Part of a minute's rate that may be used at once. */
  burstPart: 1 / 6,
};
