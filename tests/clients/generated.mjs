// @ts-check
// The TypeScript client that is made of the OpenAPI document, from a résumé to nothing of it.
// Arguments: the address, a key, a PDF. Prints what it read.
import { readFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { viva } from "viva-client";

const [address = "", key = "", pdf = ""] = process.argv.slice(2);
const client = viva(address, key);

/** @param {string} resume_id */
const read = async (resume_id) => {
  for (;;) {
    const { data, error } = await client.GET("/v1/resumes/{resume_id}", {
      params: { path: { resume_id } },
    });
    if (data === undefined) throw new Error(error.code);
    if (data.status !== "queued") return data;
    await setTimeout(100);
  }
};

const file = new Blob([await readFile(pdf)], { type: "application/pdf" });
const accepted = await client.POST("/v1/resumes", {
  body: { file: "" },
  bodySerializer: () => {
    const form = new FormData();
    form.append("file", file, "resume.pdf");
    return form;
  },
});
if (accepted.data === undefined) throw new Error(accepted.error.code);
const resume = await read(accepted.data.id);
const ticket = await client.POST("/v1/interviews/realtime", { body: { resume_id: resume.id } });
if (ticket.data === undefined) throw new Error(ticket.error.code);
const { interview_id } = ticket.data;
const listed = await client.GET("/v1/interviews", {
  params: { query: { resume_id: resume.id, status: "created", limit: 1 } },
});
const ids = listed.data?.items.map((one) => one.interview_id);
if (ids?.join() !== interview_id) throw new Error(`listed: ${ids}`);
const shown = await client.GET("/v1/interviews/{interview_id}", {
  params: { path: { interview_id } },
});
const path = { resume_id: resume.id };
const deleted = await client.DELETE("/v1/resumes/{resume_id}", { params: { path } });
if (deleted.data === undefined) throw new Error(deleted.error.code);
const gone = await client.GET("/v1/resumes/{resume_id}", { params: { path } });
console.log(shown.data?.target_role, shown.data?.status, gone.error?.code);
