// An interview with @openai/agents-realtime: a RealtimeAgent with instructions, over WebSocket.

import { OpenAIRealtimeWebSocket, RealtimeAgent, RealtimeSession } from "@openai/agents-realtime";

import { Room, folder, token, url } from "./room.mjs";

const room = new Room(folder);
const agent = new RealtimeAgent({
  name: "Assistant",
  instructions: "You are a pirate. Talk of ships only.",
});
const address = `${url.replace("http", "ws")}/v1/realtime?model=gpt-realtime-2.1`;
const transport = new OpenAIRealtimeWebSocket({ url: address });
const session = new RealtimeSession(agent, { transport, model: "gpt-realtime-2.1" });

session.on("audio", (event) => room.play(event.data.byteLength));
session.on("audio_interrupted", () => room.stopPlaying());
session.on("error", ({ error }) => room.errors.push(JSON.stringify(error?.error ?? `${error}`)));
session.on("transport_event", (event) => {
  if (event.type === "response.done" && event.response.status === "completed") {
    room.asked(event.response.output[0].content[0].transcript);
  } else if (event.type === "conversation.item.input_audio_transcription.completed") {
    room.answers.push(event.transcript);
  }
});
transport.on("connection_change", (status) => {
  if (status === "disconnected") {
    const heard = session.history.filter((item) => item.role === "user").length;
    if (heard !== room.answers.length) room.errors.push(`history has ${heard} answers`);
    room.report();
  }
});
await session.connect({ apiKey: token });
room.microphone((piece) => {
  const { buffer, byteOffset, byteLength } = piece;
  session.sendAudio(buffer.slice(byteOffset, byteOffset + byteLength));
});
