/** The request that the flow opens with. */
import type { PolicyView, ProductView, Request } from "../engine.js";

/** The product of a request; requests only ever name products of the policy. */
export function productOf(view: PolicyView, id: string): ProductView {
  const product = view.products.find((one) => one.id === id) ?? view.products[0];
  if (!product) throw new Error("a policy has a product");
  return product;
}

/**
 * Where the borrower starts: the product that takes the amount, over about a year. Without an
 * amount, the least that the product lends, so that nobody is nudged upward.
 */
export function openingRequest(view: PolicyView, amount: number | undefined): Request {
  const product =
    view.products.find((one) => amount === undefined || (one.minimum <= amount && amount <= one.maximum)) ??
    productOf(view, "");
  return {
    product: product.id,
    amount: amount ?? product.minimum,
    term: openingTerm(product),
  };
}

/** The longest term up to a year, else the shortest. */
export function openingTerm(product: ProductView): number {
  const withinYear = product.terms.filter((term) => term <= 12);
  return withinYear.at(-1) ?? product.terms[0] ?? 12;
}
