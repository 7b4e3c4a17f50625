import { NewOrderPage } from "@/components/orders/new-order-page";

export default function Page() {
  return <NewOrderPage />;
}
