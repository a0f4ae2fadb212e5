/** Whether the text is a link or a position, not the beginning of a name. */
export const isLink = (text: string): boolean =>
  /^(https?:\/\/\S+\.\S{2,}|geo:\S+|maps\.app\.goo\.gl\/\S+)$/i.test(text) ||
  /^\(?-?\d{1,2}\.\d+\s*[,;]\s*-?\d{1,3}\.\d+\)?$/.test(text) ||
  /^[23456789CFGHJMPQRVWX]{8}\+[23456789CFGHJMPQRVWX]{2,}$/i.test(text)
