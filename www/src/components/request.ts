/** How much and for how long: on the first step, and again under the estimate. */
import { html, nothing, type TemplateResult } from "lit";
import { productOf } from "../flow/request.js";
import { costs } from "./costs.js";
import { slider } from "./slider.js";
import type { View } from "./view.js";

/** The controls of the request. `ceiling`: the most that the amount may be, where less than the product's. */
export function requestControls(v: View, ceiling?: number): TemplateResult {
  const { flow, t } = v;
  const { request, view } = flow;
  const product = productOf(view, request.product);
  const { basket } = flow;
  return html`${view.products.length > 1 ? products(v) : nothing}
    ${basket === undefined
      ? slider(v, {
          id: "amount",
          label: t.request.amount,
          minimum: product.minimum,
          maximum: ceiling ?? product.maximum,
          step: view.step,
          value: request.amount,
          text: v.money.short(request.amount),
          choose: (amount) => {
            flow.choose({ amount });
          },
        })
      : html`<p class="basket"><span>${t.request.price}</span> <strong>${v.money.short(basket)}</strong></p>`}
    ${product.terms.length > 1
      ? slider(v, {
          id: "term",
          label: t.request.term,
          minimum: 0,
          maximum: product.terms.length - 1,
          step: 1,
          value: product.terms.indexOf(request.term),
          text: t.request.months(request.term),
          choose: (index) => {
            flow.choose({ term: product.terms[index] ?? request.term });
          },
        })
      : nothing}`;
}

/** What to know of a product before choosing it. */
function help(v: View, id: string): TemplateResult | typeof nothing {
  const text = v.p.find(`product.${id}.help`);
  return text === undefined ? nothing : html`<span class="help">${text}</span>`;
}

function products(v: View): TemplateResult {
  const { flow, t } = v;
  return html`<fieldset class="question" role="radiogroup">
    <legend>${t.request.product}</legend>
    <div class="cards">
      ${flow.view.products.map(
        ({ id }) =>
          html`<label class="card-option">
            <input
              type="radio"
              name="product"
              value=${id}
              .checked=${flow.request.product === id}
              @change=${() => {
                flow.choose({ product: id });
              }}
            />
            <span>${v.p.get(`product.${id}.name`)}${help(v, id)}</span>
          </label>`,
      )}
    </div>
  </fieldset>`;
}

export function requestStep(v: View): TemplateResult {
  const { flow, t } = v;
  const quoted = flow.loaded.policy.quote(flow.request, flow.asOf);
  return html`<p class="lead">${v.p.find("policy.intro") ?? nothing}</p>
    <h2 data-focus tabindex="-1">
      ${flow.basket === undefined ? t.request.title : t.request.fixedTitle}
    </h2>
    <div class="panel">${requestControls(v)}</div>
    <section class="panel" aria-labelledby="quote">
      <h3 id="quote">${t.request.quote}</h3>
      ${quoted.status === "ok"
        ? html`${costs(v, quoted.quote)}
            <p class="fine">${t.request.quoteNote}</p>`
        : html`<p>${t.request.noQuote}</p>`}
    </section>`;
}
