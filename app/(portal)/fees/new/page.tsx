import { FeeEditor } from "@/components/fee-editor/fee-editor";

export default function Page() {
  return <FeeEditor />;
}
