// The loop over the Runtime API in plain Node, so that nothing but Node, the SDK and the job is measured.
import http from "node:http";

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function ask(method, path, body) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host, port, method, agent, path: `/2018-06-01/runtime/${path}` }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => resolve({ headers: response.headers, text: Buffer.concat(parts).toString() }));
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end(body);
  });
}

async function main(init) {
  const handle = await init();
  for (;;) {
    const { headers, text } = await ask("GET", "invocation/next");
    const id = headers["lambda-runtime-aws-request-id"];
    try {
      const answer = await handle(JSON.parse(text));
      await ask("POST", `invocation/${id}/response`, JSON.stringify(answer));
    } catch (error) {
      const failure = { errorType: error.name, errorMessage: error.message };
      await ask("POST", `invocation/${id}/error`, JSON.stringify(failure));
    }
  }
}

/** Runs a function: `init` does what is done once, and gives what answers an event. */
export function serve(init) {
  main(init).catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
}
