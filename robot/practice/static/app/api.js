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

// A connection that breaks off is an error like any other, not one of the program.
async function ask(address, options) {
  try {
    return await fetch(address, options);
  } catch {
    throw new ApiError(0, { title: "Something went wrong", code: "network" });
  }
}

let tokens = null;

// source: {current(): string|null, renew(): Promise<string|null>, lost(): void}
export function setTokenSource(source) {
  tokens = source;
}

async function send(path, body, token) {
  const answer = await ask(`/api${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${token}`,
      "x-page": location.pathname + location.search,
    },
    body: JSON.stringify(body ?? {}),
  });
  const type = answer.headers.get("content-type") || "";
  try {
    return [answer.status, type.includes("json") ? await answer.json() : {}];
  } catch {
    throw new ApiError(0, { title: "Something went wrong", code: "network" });
  }
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
