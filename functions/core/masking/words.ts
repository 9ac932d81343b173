/** Longest run of words that a phrase can span, and the most words of one name that are looked at. */
const runLimit = 6;
const wordLimit = 64;

/** The words of a name, in lower case: `customer_emailAddress2` is customer, email, address, 2. */
export function wordsOf(name: string): readonly string[] {
  return name
    .normalize('NFKC')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .replace(/(\p{L})(\p{N})/gu, '$1 $2')
    .replace(/(\p{N})(\p{L})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .slice(0, wordLimit);
}

/** A phrase without its spaces: `first name`, `first_name` and `firstname` are one. */
export const joined = (phrase: string): string => wordsOf(phrase).join('');

/** Every run of neighbouring words, joined. */
export function runsOf(words: readonly string[]): readonly string[] {
  return words.flatMap((_, start) =>
    words.slice(start, start + runLimit).map((_, length) => words.slice(start, start + length + 1).join('')),
  );
}

/** The word itself and what it may be the plural of. */
export function singulars(word: string): readonly string[] {
  const forms = [word];
  if (word.endsWith('ies')) forms.push(`${word.slice(0, -3)}y`);
  if (word.endsWith('es')) forms.push(word.slice(0, -2));
  if (word.endsWith('s')) forms.push(word.slice(0, -1));
  if (word === 'people') forms.push('person');
  return forms;
}

/** Whether one of the phrases stands in the words as a run, singular or plural. */
export const hasPhrase = (words: readonly string[], phrases: ReadonlySet<string>): boolean =>
  runsOf(words).some((run) => singulars(run).some((form) => phrases.has(form)));

/** Whether all the words together are one of the phrases. */
export const isPhrase = (words: readonly string[], phrases: ReadonlySet<string>): boolean =>
  singulars(words.join('')).some((form) => phrases.has(form));

/** Whether the words end with one of the phrases: what a compound is, as `company_contact` is a contact. */
export const endsWithPhrase = (words: readonly string[], phrases: ReadonlySet<string>): boolean =>
  words.some((_, start) => isPhrase(words.slice(start), phrases));
