import { DomainError } from "@/server/core/errors";
import { isId } from "@/server/core/ids";
import { removePicture, setPicture } from "@/server/domain/cards";
import { MAX_PICTURE_BYTES } from "@/server/domain/cards/schemas";
import { answer } from "../../../imports/answer";
import { readable } from "../../../readable";

type Params = { params: Promise<{ id: string }> };

/** Gives a product its picture: the body is the file. */
export function POST(req: Request, { params }: Params): Promise<Response> {
  return answer(req, async (ctx) => {
    const productId = await productOf(params);
    const data = await body(req);
    return Response.json(await setPicture(ctx, { productId, data }), { status: 201 });
  });
}

export function DELETE(req: Request, { params }: Params): Promise<Response> {
  return answer(req, async (ctx) => {
    await removePicture(ctx, { productId: await productOf(params) });
    return new Response(null, { status: 204 });
  });
}

async function productOf(params: Params["params"]): Promise<string> {
  const { id } = await params;
  if (!isId(id)) throw new DomainError("NOT_FOUND", { noun: "product" });
  return id;
}

/** No more is read than a picture may have. */
async function body(req: Request): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of req.body ? readable(req.body) : []) {
    size += piece.length;
    if (size > MAX_PICTURE_BYTES) throw new DomainError("IMAGE_INVALID", { max: "1 MB" });
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
