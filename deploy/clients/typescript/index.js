import createClient from "openapi-fetch";

export const viva = (baseUrl, key, options = {}) =>
  createClient({ ...options, baseUrl, headers: { ...options.headers, authorization: `Bearer ${key}` } });
