// Calls the page APIs. Where the token comes from is told once, by main.js or frame.js.

export class ApiError extends Error {
  constructor(status, answer) {
    super(answer.title || "Something went wrong");
    this.status = status;
    this.code = answer.code || "";
    this.title = answer.title || "Something went wrong";
    this.detail = answer.message || "";
  }
}

let tokens = null;

// source: {current(): string|null, renew(): Promise<string|null>, lost(): void}
export function setTokenSource(source) {
  tokens = source;
}

async function send(path, body, token) {
  const answer = await fetch(`/api${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${token}`,
      "x-page": location.pathname + location.search,
    },
    body: JSON.stringify(body ?? {}),
  });
  const type = answer.headers.get("content-type") || "";
  return [answer.status, type.includes("json") ? await answer.json() : {}];
}

// Returns the JSON answer; throws ApiError. A token that is too old is renewed once, out of sight.
export async function post(path, body) {
  let [status, answer] = await send(path, body, tokens?.current());
  if (status === 401 && answer.code === "token") {
    const token = await tokens?.renew();
    if (!token) {
      tokens?.lost();
      throw new ApiError(401, { title: "Your session has expired", code: "session" });
    }
    [status, answer] = await send(path, body, token);
  }
  if (status >= 400) throw new ApiError(status, answer);
  return answer;
}
