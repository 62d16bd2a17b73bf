// An interview with the openai package for Node.

import OpenAI from "openai";
import { OpenAIRealtimeWS } from "openai/realtime/ws";

import { Room, folder, token, url } from "./room.mjs";

const room = new Room(folder);
const client = new OpenAI({ apiKey: token, baseURL: `${url}/v1` });
const realtime = new OpenAIRealtimeWS({ model: "gpt-realtime" }, client);

realtime.on("response.output_audio.delta", (event) => {
  room.play(Buffer.from(event.delta, "base64").length);
});
realtime.on("response.done", ({ response }) => {
  if (response.status === "completed") room.asked(response.output[0].content[0].transcript);
});
realtime.on("input_audio_buffer.speech_started", () => room.stopPlaying());
realtime.on("conversation.item.input_audio_transcription.completed", (event) => {
  room.answers.push(event.transcript);
});
realtime.on("error", (error) => room.errors.push(String(error.message)));
realtime.socket.on("open", () => {
  realtime.send({
    type: "session.update",
    session: { type: "realtime", audio: { input: { turn_detection: { type: "semantic_vad" } } } },
  });
  room.microphone((piece) => {
    if (realtime.socket.readyState === 1) {
      realtime.send({ type: "input_audio_buffer.append", audio: piece.toString("base64") });
    }
  });
});
realtime.socket.on("close", () => room.report());
