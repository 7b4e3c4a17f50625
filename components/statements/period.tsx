import { Instant } from "@/components/ui/instant";

/** What a statement covers: after the one moment, through the other. The first of all has no beginning. */
export function Period({ after, through }: { after: Date; through: Date }) {
  const beginning = after.getTime() > 0;
  return (
    <span className="whitespace-nowrap">
      {beginning ? (
        <>
          <Instant at={after} /> –{" "}
        </>
      ) : null}
      <Instant at={through} />
    </span>
  );
}
