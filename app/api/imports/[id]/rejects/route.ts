import { getTranslations } from "next-intl/server";
import { type CsvColumn, csvResponse } from "@/server/core/csv";
import { DomainError } from "@/server/core/errors";
import { isId } from "@/server/core/ids";
import { type ImportReject, rejectsOfFile } from "@/server/domain/imports";
import { LINE_CODES } from "@/server/domain/imports/schemas";
import { answer } from "../../answer";

/** The rejected lines as CSV, under their own columns, with what is wrong: to correct and upload again. */
export function GET(req: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  return answer(req, async (ctx) => {
    const { id } = await params;
    if (!isId(id)) throw new DomainError("NOT_FOUND", { noun: "import" });
    const { fileName, columns, rows } = await rejectsOfFile(ctx, id);
    const t = await getTranslations("imports");
    const reason = (code: string) => (isLineCode(code) ? t(`codes.${code}`) : code);
    const table: CsvColumn<ImportReject & { fields: string[] | null }>[] = [
      ...columns.map(({ name, isAmount }, at) => ({
        header: name,
        value: (row: { fields: string[] | null; raw: string }) =>
          row.fields ? row.fields[at] : at === 0 ? row.raw : null,
        number: isAmount,
      })),
      { header: t("rejects.line"), value: (row) => row.line },
      { header: t("rejects.codes"), value: (row) => row.codes.join(" ") },
      { header: t("rejects.reasons"), value: (row) => row.codes.map(reason).join("; ") },
    ];
    return csvResponse(`${fileName.replace(/\.[^.]*$/, "")}-${t("rejects.fileSuffix")}`, table, rows);
  });
}

function isLineCode(code: string): code is (typeof LINE_CODES)[number] {
  return (LINE_CODES as readonly string[]).includes(code);
}
