/** The candidate's side of an invitation over HTTP: what stands behind the # of the link says whose. */

import { ask, bearer, uploadTo } from "./api.js";

const PLACE = "/v1/invitation";

export class Invitation {
  #token;

  /** @param {string} token */
  constructor(token) {
    this.#token = token;
  }

  #send(path, method, body) {
    const type = body === undefined ? {} : { "Content-Type": "application/json" };
    const headers = { ...bearer(this.#token), ...type };
    return ask(PLACE + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  }

  show = () => this.#send("", "GET");
  /** @param {{name: string, email: string | null, phone: string}} order */
  call = (order) => this.#send("", "PATCH", order);
  /** @param {{field: string, words: string}} order */
  dispute = (order) => this.#send("/disputes", "POST", order);
  adjust = (needs) => this.#send("/adjustments", "PUT", needs);
  /** @param {{at: string, note: string}} order */
  askForDate = (order) => this.#send("/date", "PUT", order);
  wantPerson = (wanted) => this.#send("/person", "PUT", { wanted });
  enter = () => this.#send("/interview", "POST");
  upload = (file, onProgress, signal) =>
    uploadTo(`${PLACE}/resume`, Object.entries(bearer(this.#token)), file, onProgress, signal);

  /** The résumé as far as it is read, as `GET /v1/resumes/{id}` tells it. */
  look = async () => {
    const { resume } = await this.show();
    return { ...resume, error: resume.error === null ? null : { code: resume.error } };
  };
}
