import { useFormat } from "@/components/format/use-format";
import { Instant } from "@/components/ui/instant";

/** What a statement covers: after the one moment, through the other. The first of all has no beginning. */
export function Period({ after, through }: { after: Date; through: Date }) {
  const format = useFormat();
  const beginning = after.getTime() > 0;
  const sameDay = beginning && format.instant(after, "date") === format.instant(through, "date");
  return (
    <span className="sm:whitespace-nowrap">
      {beginning ? (
        <>
          <span className="whitespace-nowrap">
            <Instant at={after} /> –
          </span>{" "}
        </>
      ) : null}
      {sameDay ? (
        <time dateTime={through.toISOString()} title={format.instant(through, "full")} className="figure">
          {format.instant(through, "time").slice(0, 5)}
        </time>
      ) : (
        <Instant at={through} />
      )}
    </span>
  );
}
