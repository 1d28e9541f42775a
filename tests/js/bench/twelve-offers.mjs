// A policy that is made to be measured: what one outcome with twelve offers takes.

const folder = "/made/twelve-offers";

export const policy = `${folder}.policy`;

/** An applicant who gets every offer. */
export const applicant = await (await fetch(`${folder}.json`)).json();
