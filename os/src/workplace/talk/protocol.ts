// Talking over one WebSocket, /api/v1/talk. Types only; the browser imports this file as it is. Sound is 16 bits, one channel,
// 16,000 samples a second, little-endian, in binary messages: from the client any number of samples, from the server one
// sentence, right after the `say` that tells of it.
//
//   client   {token, program?, language?} first; then sound, and
//            {type: "release"}              the key was let go: the turn ends now
//            {type: "stopped", playedMs}    how much of the answer was played when `stop` came
//            {type: "played"}               the answer was played to its end
//            {type: "show", path}           a picture in the folder of the line that the next words speak of
//   server   TalkMessage
//
//   close codes   those of the stream, and 4404: the senses are not here (`hum senses pull`)

/** What the server tells. */
export type TalkMessage =
  /** It listens; what is said is written in this channel. */
  | { type: "ready"; channel: string; program: string }
  /** Somebody began to speak. */
  | { type: "speech" }
  /** Words so far; the firm ones will hardly change. */
  | { type: "words"; text: string; firm: string }
  /** A turn ended, and was written down as this post; "" and null when it had no words. */
  | { type: "turn"; text: string; post: string | null; silenceMs: number; waitedMs: number }
  /** A piece of an answer; its sound is the next binary message. An aside is no answer: one takes a moment. */
  | { type: "say"; text: string; post: string; aside?: true }
  /** Somebody may have begun to speak: be soft for a moment. */
  | { type: "soft" }
  /** Stop speaking at once and forget what was not played. */
  | { type: "stop" }
  /** An answer that cannot be spoken, or something that went wrong. */
  | { type: "trouble"; message: string };

/** What the client tells after its first message. */
export type TalkRequest =
  | { type: "release" }
  | { type: "stopped"; playedMs: number }
  | { type: "played" }
  | { type: "show"; path: string };
