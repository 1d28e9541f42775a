/** A range input with a button at either end, which move it by one step. */
import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { icons } from "./icons.js";
import type { View } from "./view.js";

export interface Slider {
  id: string;
  label: string;
  minimum: number;
  maximum: number;
  step: number;
  value: number;
  /** The value in words, seen beside the label and read out. */
  text: string;
  choose(value: number): void;
}

export function slider(v: View, one: Slider): TemplateResult {
  const read = (input: HTMLInputElement) => {
    one.choose(Number(input.value));
  };
  const nudge = (event: Event, way: "stepUp" | "stepDown") => {
    const group = (event.currentTarget as HTMLElement).closest(".slider");
    const input = group?.querySelector("input");
    if (!input) return;
    input[way]();
    read(input);
  };
  return html`<div class="slider">
    <div class="slider-head">
      <label for="s-${one.id}">${one.label}</label>
      <output for="s-${one.id}">${one.text}</output>
    </div>
    <div class="slider-row">
      <button
        type="button"
        class="round"
        aria-label=${v.t.labelled(v.t.request.less, one.label)}
        ?disabled=${one.value <= one.minimum}
        @click=${(event: Event) => {
          nudge(event, "stepDown");
        }}
      >
        ${icons.minus}
      </button>
      <input
        id="s-${one.id}"
        type="range"
        min=${one.minimum}
        max=${one.maximum}
        step=${one.step}
        .value=${live(String(one.value))}
        aria-valuetext=${one.text}
        @input=${(event: Event) => {
          read(event.target as HTMLInputElement);
        }}
      />
      <button
        type="button"
        class="round"
        aria-label=${v.t.labelled(v.t.request.more, one.label)}
        ?disabled=${one.value >= one.maximum}
        @click=${(event: Event) => {
          nudge(event, "stepUp");
        }}
      >
        ${icons.plus}
      </button>
    </div>
  </div>`;
}
