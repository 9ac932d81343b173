import type { Random } from './random.ts';

const firstNames = [
  'Ada',
  'Amara',
  'Anders',
  'Bianca',
  'Carlos',
  'Chidi',
  'Chloé',
  'Daisuke',
  'Elena',
  'Emeka',
  'Farid',
  'Fiona',
  'Grace',
  'Hana',
  'Henrik',
  'Ines',
  'Ivan',
  'Jaya',
  'João',
  'Kateryna',
  'Kofi',
  'Lars',
  'Leila',
  'Linh',
  'Lucía',
  'Marek',
  'Mei',
  'Mira',
  'Mohamed',
  'Nadia',
  'Nils',
  'Noor',
  'Olga',
  'Omar',
  'Paula',
  'Priya',
  'Quentin',
  'Rosa',
  'Ruth',
  'Samir',
  'Sofia',
  'Søren',
  'Tariq',
  'Tomás',
  'Uma',
  'Vera',
  'Wei',
  'Yara',
  'Yusuf',
  'Zoë',
] as const;
const lastNames = [
  'Abara',
  'Almeida',
  'Andersson',
  'Baptiste',
  'Becker',
  'Bianchi',
  'Castillo',
  'Chen',
  'Costa',
  'Dubois',
  'Eriksen',
  'Fernández',
  'Fischer',
  'García',
  'Grant',
  'Haddad',
  'Hansen',
  'Ito',
  'Ivanova',
  'Jansen',
  'Kaya',
  'Kim',
  'Kowalski',
  'Kumar',
  'Larsen',
  'Lindqvist',
  'Mbeki',
  'Moreau',
  'Müller',
  'Nakamura',
  'Nguyen',
  'Novak',
  "O'Brien",
  'Okafor',
  'Osei',
  'Petrov',
  'Quispe',
  'Rahman',
  'Rossi',
  'Sato',
  'Silva',
  'Smith',
  'Tanaka',
  'Torres',
  'Usman',
  'Vargas',
  'Weber',
  'Yilmaz',
] as const;
const streets = [
  'Oak Street',
  'Mill Lane',
  'Station Road',
  'Harbour Street',
  'Church Road',
  'Park Avenue',
  'High Street',
  'Garden Way',
] as const;

/** City, its zip code's form (# = a digit) and country (ISO 3166-1 alpha-2). */
const cities = [
  ['Springfield', '6270#', 'US'],
  ['Portland', '972##', 'US'],
  ['Austin', '787##', 'US'],
  ['Leeds', 'LS# #AB', 'GB'],
  ['Bristol', 'BS# #QD', 'GB'],
  ['Köln', '50###', 'DE'],
  ['Leipzig', '04###', 'DE'],
  ['Lyon', '6900#', 'FR'],
  ['Nantes', '44###', 'FR'],
  ['Porto', '4###-###', 'PT'],
  ['Sevilla', '41###', 'ES'],
  ['Torino', '101##', 'IT'],
  ['Kraków', '3#-###', 'PL'],
  ['Utrecht', '35## KA', 'NL'],
  ['Aarhus', '8###', 'DK'],
  ['Malmö', '21# ##', 'SE'],
  ['Osaka', '53#-####', 'JP'],
  ['Pune', '4110##', 'IN'],
  ['Curitiba', '80###-###', 'BR'],
  ['Accra', 'GA-###', 'GH'],
] as const;

export const first = (r: Random): string => r.pick(firstNames);
export const last = (r: Random): string => r.pick(lastNames);

const digits = (form: string, r: Random): string => form.replaceAll('#', () => String(r.int(10)));

/** Addresses under names that RFC 2606 reserves: nobody can receive mail there. */
export function email(first: string, last: string, number: number, r: Random): string {
  const plain = `${first}.${last}`
    .normalize('NFD')
    .replaceAll(/[^A-Za-z.]/g, '')
    .toLowerCase();
  return `${plain}${number}@${r.pick(['example.com', 'example.org', 'example.net', 'mail.example.com'])}`;
}

/** Shaped like a social security number, in the range 900 to 999 that is never issued as one. */
export const ssn = (r: Random): string => `9${digits('##', r)}-${digits('##', r)}-${digits('####', r)}`;

/** US numbers in the block 555-0100 to 555-0199, which is kept for fiction; others with a country code. */
export const phone = (country: string, r: Random): string =>
  country === 'US'
    ? `+1-${r.between(201, 989)}-555-01${digits('##', r)}`
    : `+${r.between(30, 98)} ${digits('### 555 ####', r)}`;

export type Address = {
  readonly street: string;
  readonly zip: string;
  readonly city: string;
  readonly country: string;
};

export function address(r: Random): Address {
  const [city, zip, country] = r.pick(cities);
  return { street: `${r.between(1, 240)} ${r.pick(streets)}`, zip: digits(zip, r), city, country };
}

/** Prefixes of the number ranges that card schemes publish for tests. */
const cardRanges = [
  ['visa', '400000', 16],
  ['visa', '424242', 16],
  ['mastercard', '555555', 16],
  ['mastercard', '222300', 16],
  ['amex', '378282', 15],
  ['discover', '601111', 16],
] as const;

export type Card = {
  readonly pan: string;
  readonly brand: string;
  readonly exp_month: number;
  readonly exp_year: number;
};

export function card(r: Random): Card {
  const [brand, prefix, length] = r.pick(cardRanges);
  const body = prefix + digits('#'.repeat(length - prefix.length - 1), r);
  return { pan: body + luhnDigit(body), brand, exp_month: r.between(1, 12), exp_year: r.between(2025, 2031) };
}

/** The check digit that makes a card number valid by Luhn's rule. */
function luhnDigit(body: string): string {
  let sum = 0;
  for (let i = 0; i < body.length; i++) {
    const digit = Number(body[body.length - 1 - i]);
    const doubled = i % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return String((10 - (sum % 10)) % 10);
}

export const isoDate = (days: number): string => new Date(days * 86_400_000).toISOString().slice(0, 10);
export const isoMoment = (seconds: number): string =>
  `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
/** Whole cents as decimal text. */
export const money = (cents: number): string =>
  `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
