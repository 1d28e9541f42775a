import { svg, type SVGTemplateResult } from "lit";

const icon = (path: SVGTemplateResult) =>
  svg`<svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false"
    fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${path}</svg>`;

export const icons = {
  yes: icon(svg`<circle cx="12" cy="12" r="9"/><path d="m8 12.5 2.7 2.7L16 9.5"/>`),
  person: icon(svg`<circle cx="12" cy="8" r="3.5"/><path d="M5 20c.6-3.6 3.4-5.5 7-5.5s6.4 1.9 7 5.5"/>`),
  pause: icon(svg`<circle cx="12" cy="12" r="9"/><path d="M9 12h6"/>`),
  warn: icon(svg`<path d="M12 4 3 19.5h18z"/><path d="M12 10v4.5M12 17v.1"/>`),
  lock: icon(svg`<rect x="5" y="11" width="14" height="9" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>`),
  close: icon(svg`<path d="m6 6 12 12M18 6 6 18"/>`),
  back: icon(svg`<path d="m14.5 5-7 7 7 7"/>`),
  go: icon(svg`<path d="m9.5 5 7 7-7 7"/>`),
  minus: icon(svg`<path d="M6 12h12"/>`),
  plus: icon(svg`<path d="M6 12h12M12 6v12"/>`),
  send: icon(svg`<path d="M5 12h13M12.5 6.5 18 12l-5.5 5.5"/>`),
};
