import {
  type CountryCode,
  type NumberType,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import type { EnrichedFacts, PhoneType } from '#integrations/enrichment.ts';

const types: Partial<Record<Exclude<NumberType, undefined>, PhoneType>> = {
  MOBILE: 'mobile',
  FIXED_LINE: 'fixed-line',
  FIXED_LINE_OR_MOBILE: 'fixed-line-or-mobile',
  VOIP: 'voip',
  TOLL_FREE: 'toll-free',
  PREMIUM_RATE: 'premium-rate',
};

/**
 * The number as E.164, its kind of line and whether a text may be sent to it. North American plans do not
 * tell a mobile from a fixed line: those are eligible and unverified. Nothing when it cannot be a number.
 */
export function phoneFacts(
  phone: string,
  region: string,
): Pick<EnrichedFacts, 'phoneE164' | 'phoneType' | 'phoneCountry' | 'smsEligible' | 'smsVerified'> {
  const number = parsePhoneNumberFromString(phone, region.toUpperCase() as CountryCode);
  if (!number?.isPossible()) return {};
  const kind = number.getType();
  const phoneType = kind ? (types[kind] ?? 'other') : 'unknown';
  return {
    ...{ phoneE164: number.number, phoneType },
    ...(number.country && { phoneCountry: number.country }),
    smsEligible: phoneType === 'mobile' || phoneType === 'fixed-line-or-mobile',
    smsVerified: phoneType === 'mobile',
  };
}
