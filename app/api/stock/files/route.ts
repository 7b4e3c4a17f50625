import { DomainError } from "@/server/core/errors";
import { storeKeyFile } from "@/server/domain/cards";
import { MAX_KEY_FILE_BYTES } from "@/server/domain/cards/schemas";
import { answer } from "../../imports/answer";
import { readable } from "../../readable";

/** Takes a file of keys as it streams in: the body is the file, its name stands in the query. */
export function POST(req: Request): Promise<Response> {
  return answer(req, async (ctx) => {
    if (Number(req.headers.get("content-length") ?? 0) > MAX_KEY_FILE_BYTES) {
      throw new DomainError("FILE_TOO_LARGE", { limit: `${MAX_KEY_FILE_BYTES / 1024 / 1024} MB` });
    }
    if (!req.body) throw new DomainError("FILE_EMPTY");
    const name = new URL(req.url).searchParams.get("name") ?? "";
    const file = await storeKeyFile(ctx, { name, content: readable(req.body) });
    return Response.json(file, { status: 201 });
  });
}
