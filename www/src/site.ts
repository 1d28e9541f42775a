/** What the lender says of itself: `site.json`, beside the pages. */

export interface Site {
  /** The partner key of the lender's own pages. */
  partner: string;
  /** By language tag. */
  words: Record<string, SiteWords>;
}

export interface SiteWords {
  lender: string;
  person: { phone: string; hours: string; visit: string };
}

let loading: Promise<Site> | undefined;

/** Loads it once; a load that failed may be tried again. */
export function loadSite(): Promise<Site> {
  loading ??= fetch("/site.json", { credentials: "omit" })
    .then((response) => {
      if (!response.ok) throw new Error(`site.json: status ${String(response.status)}`);
      return response.json() as Promise<Site>;
    })
    .catch((cause: unknown) => {
      loading = undefined;
      throw cause;
    });
  return loading;
}
