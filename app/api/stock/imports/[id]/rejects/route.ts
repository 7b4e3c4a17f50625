import { getTranslations } from "next-intl/server";
import { csvResponse } from "@/server/core/csv";
import { DomainError } from "@/server/core/errors";
import { isId } from "@/server/core/ids";
import { eachKeyReject, getKeyImport, type KeyReject } from "@/server/domain/cards";
import { answer } from "../../../../imports/answer";

/** Which lines of a file did not become keys, and why, as CSV. What stood in them is not kept, so it holds no secret. */
export function GET(req: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  return answer(req, async (ctx) => {
    const { id } = await params;
    if (!isId(id)) throw new DomainError("NOT_FOUND", { noun: "import" });
    const { fileName } = await getKeyImport(ctx, { id });
    const t = await getTranslations("stock");
    return csvResponse<KeyReject>(
      `${fileName.replace(/\.[^.]*$/, "")}-${t("result.fileSuffix")}`,
      [
        { header: t("result.line"), value: (row) => row.line },
        { header: "code", value: (row) => row.code },
        { header: t("result.reason"), value: (row) => t(`codes.${row.code}`) },
      ],
      eachKeyReject(ctx, id),
    );
  });
}
