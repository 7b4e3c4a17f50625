import type { PictureChange } from "./picture-field";

/** Carries the change of a picture out, once its product is saved. Throws as a failed call does. */
export async function sendPicture(productId: string, change: PictureChange): Promise<void> {
  if (change.kind === "keep") return;
  const address = `/api/products/${productId}/picture`;
  const answer =
    change.kind === "remove"
      ? await fetch(address, { method: "DELETE" })
      : await fetch(address, {
          method: "POST",
          headers: { "content-type": change.file.type },
          body: change.file,
        });
  if (!answer.ok) throw { data: await answer.json().catch(() => null) };
}
