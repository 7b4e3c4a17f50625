import { ProductForm } from "@/components/products/product-form";

export default function Page() {
  return <ProductForm />;
}
