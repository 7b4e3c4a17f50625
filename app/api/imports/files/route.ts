import { DomainError } from "@/server/core/errors";
import { storeFile } from "@/server/domain/imports";
import { MAX_FILE_BYTES } from "@/server/domain/imports/schemas";
import { answer } from "../answer";

/** Takes a file as it streams in: the body is the file, its name stands in the query. */
export function POST(req: Request): Promise<Response> {
  return answer(req, async (ctx) => {
    if (Number(req.headers.get("content-length") ?? 0) > MAX_FILE_BYTES) {
      throw new DomainError("FILE_TOO_LARGE", { limit: `${MAX_FILE_BYTES / 1024 / 1024} MB` });
    }
    if (!req.body) throw new DomainError("FILE_EMPTY");
    const name = new URL(req.url).searchParams.get("name") ?? "";
    const file = await storeFile(ctx, { name, content: readable(req.body) });
    return Response.json(file, { status: 201 });
  });
}

async function* readable(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {}); // the sender may be gone
  }
}
