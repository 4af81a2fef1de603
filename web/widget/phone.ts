/**
 * A typed number in E.164: "(212) 555-0143", "1 212 555 0143" and "+12125550143" are one and the same.
 * None for what cannot be a number; whether it exists is the API's to say.
 */
export function toE164(typed: string, dialCode: string): string | undefined {
  const text = typed.trim();
  // Letters would be dropped in silence otherwise: "212-CALL-ME" is no number that we may guess at.
  if (!/^[\d\s().+\-/]+$/u.test(text)) return undefined;
  const digits = text.replace(/\D/gu, '');
  if (text.startsWith('+')) return fits(digits);
  if (text.startsWith('00')) return fits(digits.slice(2));
  const national = digits.startsWith(dialCode) && digits.length === 10 + dialCode.length;
  return fits(national ? digits : dialCode + digits.replace(/^0/u, ''));
}

const fits = (digits: string): string | undefined => (/^[1-9]\d{7,14}$/u.test(digits) ? `+${digits}` : undefined);
