/** Events of our own are CustomEvents; what they carry is said where they are sent. */
interface Event {
  readonly detail: any;
}

/** What an audio worklet finds around it. */
declare const sampleRate: number;
declare const currentTime: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;
