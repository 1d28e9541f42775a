/**
 * Formats that are made once: making one takes longer than a render that uses it has, and every input renders anew. Languages
 * and currencies are few, so all of them are kept.
 */

/** The options of a format. */
type Options = Intl.NumberFormatOptions & Intl.DateTimeFormatOptions;

const remembered = <T>(make: (lang: string, options: Options) => T) => {
  const made = new Map<string, T>();
  return (lang: string, options: Options): T => {
    const key = lang + JSON.stringify(options);
    let format = made.get(key);
    if (format === undefined) made.set(key, (format = make(lang, options)));
    return format;
  };
};

export const numberFormat = remembered((lang, options) => new Intl.NumberFormat(lang, options));
export const dateFormat = remembered((lang, options) => new Intl.DateTimeFormat(lang, options));
