import { useTranslations } from "next-intl";
import { Badge } from "../ui/badge";
import { LinkButton } from "../ui/button";
import { Card } from "../ui/card";
import { CopyButton } from "../ui/copy-button";
import { PageFrame } from "../ui/page-frame";
import {
  type ApiDocument,
  curlOf,
  type DocField,
  fieldsOf,
  type ListedOperation,
  operationsOf,
} from "./document";

const TAGS = ["Vouchers", "Redemptions", "Campaigns"] as const;

/**
 * The API's documentation, made from its OpenAPI document where it is served: no script, no request to elsewhere,
 * in the reader's language.
 */
export function ApiDocsPage({ doc, origin, lang }: { doc: ApiDocument; origin: string; lang: string }) {
  const t = useTranslations("apiDocs");
  const operations = operationsOf(doc);
  return (
    <PageFrame
      title={t("title")}
      description={t("description")}
      actions={
        <>
          <LinkButton href={`/api/v1/openapi.json?lang=${lang}`} variant="outline" size="sm" prefetch={false}>
            {t("download")}
          </LinkButton>
          <LinkButton href="/api-keys" variant="outline" size="sm">
            {t("keys")}
          </LinkButton>
        </>
      }
    >
      <div className="grid gap-4 lg:grid-cols-[16rem_minmax(0,1fr)]">
        <nav aria-label={t("contents")} className="space-y-4 self-start lg:sticky lg:top-4">
          {TAGS.map((tag) => (
            <div key={tag} className="space-y-1">
              <p className="text-xs font-semibold text-muted-foreground">{t(`tags.${tag}`)}</p>
              <ul>
                {operations
                  .filter((operation) => operation.tags?.includes(tag))
                  .map((operation) => (
                    <li key={operation.operationId}>
                      <a
                        href={`#${operation.operationId}`}
                        className="block rounded-sm px-1.5 py-1 text-sm hover:bg-muted hover:underline"
                      >
                        {operation.summary}
                      </a>
                    </li>
                  ))}
              </ul>
            </div>
          ))}
        </nav>
        <div className="min-w-0 space-y-4">
          <Card>
            <Prose text={doc.info.description ?? ""} />
          </Card>
          {TAGS.flatMap((tag) =>
            operations
              .filter((operation) => operation.tags?.includes(tag))
              .map((operation) => (
                <Operation key={operation.operationId} doc={doc} operation={operation} origin={origin} />
              )),
          )}
        </div>
      </div>
    </PageFrame>
  );
}

function Operation({
  doc,
  operation,
  origin,
}: {
  doc: ApiDocument;
  operation: ListedOperation;
  origin: string;
}) {
  const t = useTranslations("apiDocs");
  const scope = operation.security?.[0]?.apiKey?.[0];
  const request = operation.requestBody?.content["application/json"];
  const [status = "", reply] =
    Object.entries(operation.responses).find(([code]) => code.startsWith("2")) ?? [];
  const answer = reply?.content?.["application/json"];
  const curl = curlOf(operation, origin);
  const parameters = (operation.parameters ?? []).map((parameter) => ({
    name: parameter.name,
    type: t(`in.${parameter.in}`),
    required: parameter.required === true,
    description: parameter.description ?? parameter.schema?.description ?? "",
  }));
  const errors = Object.values(operation.responses).flatMap((response) =>
    Object.entries(response.content?.["application/problem+json"]?.examples ?? {}),
  );
  return (
    <section
      id={operation.operationId}
      aria-labelledby={`${operation.operationId}-title`}
      className="scroll-mt-20 space-y-3 rounded-lg border border-border bg-card p-4"
    >
      <header className="space-y-2">
        <h2 id={`${operation.operationId}-title`} className="text-base font-semibold">
          {operation.summary}
        </h2>
        <p className="flex flex-wrap items-center gap-2">
          <Badge tone={operation.method === "GET" ? "info" : "primary"}>{operation.method}</Badge>
          <code className="text-sm break-all">/api/v1{operation.path}</code>
          {scope ? (
            <Badge>
              {t("scope")} {scope}
            </Badge>
          ) : null}
          {parameters.some((p) => p.name === "Idempotency-Key") ? <Badge>{t("idempotent")}</Badge> : null}
        </p>
        <Prose text={(operation.description ?? "").split("\n\n")[0] ?? ""} />
      </header>
      <CodeBlock title={t("curl")} text={curl} what={t("curlName", { operation: operation.summary ?? "" })} />
      <Fields title={t("parameters")} fields={parameters} />
      <Fields title={t("fields")} fields={fieldsOf(doc, request?.schema)} />
      {answer ? (
        <CodeBlock
          title={`${t("response", { status })} · ${reply?.description ?? ""}`}
          text={JSON.stringify(answer.example, null, 2)}
        />
      ) : null}
      <Fields title={t("replyFields")} fields={fieldsOf(doc, answer?.schema)} reply />
      <details className="text-sm">
        <summary className="cursor-pointer font-medium">{t("errors")}</summary>
        <dl className="mt-2">
          {errors.map(([code, { value }]) => (
            <div key={code} className={ROW}>
              <dt className="min-w-0">
                <span className="figure text-xs text-muted-foreground">{value?.status}</span>{" "}
                <code className="text-xs break-all">{code}</code>
              </dt>
              <dd className="min-w-0">{value?.detail}</dd>
            </div>
          ))}
        </dl>
      </details>
    </section>
  );
}

/** Those of a reply are closed at first, and all of them are there. */
function Fields({ title, fields, reply }: { title: string; fields: readonly DocField[]; reply?: boolean }) {
  const t = useTranslations("apiDocs");
  if (fields.length === 0) return null;
  return (
    <details className="text-sm" open={!reply}>
      <summary className="cursor-pointer font-medium">{title}</summary>
      <dl className="mt-2">
        {fields.map((field) => (
          <div key={field.name} className={ROW}>
            <dt className="min-w-0">
              <code className="text-xs break-all">{field.name}</code>{" "}
              <span className="text-xs break-words text-muted-foreground">
                {field.type}
                {reply ? null : ` · ${field.required ? t("required") : t("optional")}`}
              </span>
            </dt>
            <dd className="min-w-0">
              <Prose text={field.description} />
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

const ROW = "grid gap-x-4 gap-y-1 border-t border-border py-1.5 sm:grid-cols-[minmax(0,18rem)_minmax(0,1fr)]";

function CodeBlock({ title, text, what }: { title: string; text: string; what?: string }) {
  return (
    <div className="min-w-0 text-sm">
      <div className="flex items-center justify-between gap-2">
        <p className="font-medium">{title}</p>
        {what ? <CopyButton value={text} what={what} /> : null}
      </div>
      <pre className="mt-1 rounded-md bg-muted p-3 text-xs leading-relaxed break-words whitespace-pre-wrap">
        <code>{text}</code>
      </pre>
    </div>
  );
}

/** The little markdown of the document: paragraphs, lists, `code` and **strong**. */
function Prose({ text }: { text: string }) {
  if (!text) return null;
  return (
    <div className="space-y-2 text-sm">
      {text.split("\n\n").map((block) =>
        block.startsWith("- ") ? (
          <ul key={block} className="list-disc space-y-1 pl-5">
            {block.split("\n").map((line) => (
              <li key={line}>
                <Inline text={line.replace(/^- /, "")} />
              </li>
            ))}
          </ul>
        ) : (
          <p key={block}>
            <Inline text={block} />
          </p>
        ),
      )}
    </div>
  );
}

function Inline({ text }: { text: string }) {
  let at = 0;
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part) => {
    const key = at;
    at += part.length;
    if (part.startsWith("`"))
      return (
        <code key={key} className="rounded-sm bg-muted px-1 text-xs break-words">
          {part.slice(1, -1)}
        </code>
      );
    if (part.startsWith("**")) return <strong key={key}>{part.slice(2, -2)}</strong>;
    return part;
  });
}
