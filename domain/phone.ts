import {
  type CountryCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js';

export interface Phone {
  /** As it was typed. */
  text: string;
  e164: string;
  country: string | undefined;
  extension: string | undefined;
  /** It has the right length and nobody can have it. */
  unlikely: boolean;
}

/** Reads a telephone number; one without a prefix belongs to `region` (ISO 3166). Nothing when it cannot be one. */
export function readPhone(text: string, region: string): Phone | undefined {
  const plain = text.normalize('NFKC').replace(/[\u200b-\u200f\u202a-\u202e\u2060\ufeff]/g, '');
  const defaultCountry = (isSupportedCountry(region) ? region : 'US') as CountryCode;
  const number = parsePhoneNumberFromString(plain, { defaultCountry, extract: false });
  if (!number?.isPossible()) return undefined;
  return {
    text,
    e164: number.number,
    country: number.country,
    extension: number.ext,
    unlikely: !number.isValid(),
  };
}
