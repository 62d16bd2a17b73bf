import type { Client, ClientOptions } from "openapi-fetch";
import type { paths } from "./schema.d.ts";

export type { components, operations, paths } from "./schema.d.ts";

/** Of the viva at `baseUrl`. `key`: an API key, or the interviewer's. */
export declare function viva(
  baseUrl: string,
  key: string,
  options?: Omit<ClientOptions, "baseUrl" | "headers"> & { headers?: Record<string, string> },
): Client<paths>;
