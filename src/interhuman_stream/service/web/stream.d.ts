/** Types of `stream.js`: camera and microphone to an Interhuman stream. */

/** Why a stream does not go on, for a sentence to people. */
export type Kind =
  | "full" // no place is free; `retryAfter` says when to ask
  | "restarting" // the service stops or starts
  | "gone" // nobody answers there
  | "lost" // the connection broke
  | "asleep" // nothing was recorded for seconds: the machine slept
  | "limit" // the session was as long as one may be; another begins
  | "quota" // the key or token has used what it may
  | "credential" // it is wrong, expired, revoked, or not good for this
  | "too_old" // the service does not know this version of the stream
  | "refused" // the service ended it with a code that says it is no use
  | "ended"; // as asked

export type Loss =
  | "disconnected" // what was sent last may not have been analysed, and nothing was recorded until the next connection
  | "slow" // recording paused, since the network took less than was recorded
  | "asleep" // the machine slept
  | "replaced"; // other devices took over

export interface Why {
  kind: Kind;
  /** Seconds after which the service says that asking again makes sense. */
  retryAfter?: number;
  /** Of the close, where there was one. */
  code?: number;
  /** What the service said, in English. */
  message?: string;
}

export type State =
  | { name: "connecting" | "live" | "finishing" | "ended"; why?: undefined }
  | { name: "waiting"; why: Why; until: number } // milliseconds of the clock at which it tries again
  | { name: "failed"; why: Why };

export interface Incoming {
  /** The message as it came. */
  text: string;
  /** The same, parsed; null where it is no JSON. */
  message: any;
  /** Seconds of the session from which its times count. */
  at: number;
}

export interface StreamOptions {
  /** `wss://HOST/v2/stream/analyze`, or v1 or v0. */
  url: string;
  media: MediaStream;
  /** Gives a token, client token or API key before each connection; `renew` where the last one was refused. */
  credential: (renew: boolean) => Promise<string>;
  /** What is to be told beside signals: `conversation_quality_overall`, `…_timeline`, `perception`. */
  include?: string[];
  /** Milliseconds of media in a blob; 3000, 500 and 250 in v0, v1 and v2. */
  slice?: number;
  bitsPerSecond?: number;
  /** Bytes that may wait to be sent before recording pauses. */
  mostWaiting?: number;
  /** Where the session's time is zero, in milliseconds of the clock: to go on with a session of before. */
  origin?: number;
  /** The clock: milliseconds that go on while the machine sleeps. `Date.now`. */
  now?: () => number;
  onMessage?: (came: Incoming) => void;
  /** A text or a blob was sent. */
  onSent?: (sent: { text?: string; bytes?: number; number?: number }) => void;
  onState?: (state: State) => void;
  /** What was not recorded, or may not have been analysed, in seconds of the session. */
  onLost?: (lost: { start: number; end: number; why: Loss }) => void;
  /** The network takes less than is recorded: recording pauses, or goes on. */
  onSlow?: (told: { slow: boolean; waiting: number }) => void;
}

export interface LiveStream {
  readonly state: State;
  /** Seconds since the origin. */
  readonly seconds: number;
  /** End; resolves when what was sent has been answered. */
  stop(): Promise<void>;
  /** Go on with other devices, in the same session. */
  replace(media: MediaStream): void;
  /** Try again now, where it waits to. */
  retry(): void;
}

export const SLICES: { v0: number; v1: number; v2: number };
export function openStream(options: StreamOptions): LiveStream;
export function verdict(code: number, error: string | undefined): { kind: Kind; again: boolean };
export function waits(random?: () => number): Generator<number, never>;
export function probe(url: string, ask?: typeof fetch): Promise<Why & { again: boolean }>;
export class MediaClock {
  constructor(at: number);
  pause(now: number): void;
  resume(now: number): number;
  offset(media: number): number;
}
