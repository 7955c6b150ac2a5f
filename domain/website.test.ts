import { expect, test } from 'vitest';
import { companyDomain, hostOf, linkOf } from './website.ts';

test.each([
  ['https://www.Acme.example/contact?x=1', 'acme.example'],
  ['acme.example', 'acme.example'],
  ['http://acme.example:8080/', 'acme.example'],
  ['HTTPS://MÜNCHEN.example', 'xn--mnchen-3ya.example'],
  ['www.acme.example.', 'acme.example'],
])('the host of %s is %s', (website, host) => {
  expect(hostOf(website)).toBe(host);
});

test.each(['acme', 'ftp://acme.example', 'http://127.0.0.1/', 'javascript:alert(1)', 'n/a', ''])(
  '%j is no website',
  (website) => {
    expect(hostOf(website)).toBeUndefined();
  },
);

test('a mailbox provider or a shared site never names a company', () => {
  expect(companyDomain('gmail.com')).toBeUndefined();
  expect(companyDomain('facebook.com')).toBeUndefined();
  expect(companyDomain('acme.business.site')).toBeUndefined();
  expect(companyDomain('acme.example')).toBe('acme.example');
});

test.each([
  ['https://www.linkedin.com/in/ann-lee-555', 'contact-linkedin'],
  ['linkedin.com/company/acme', 'company-linkedin'],
  ['https://www.google.com/maps/place/Acme+Towing/@33.4,-112', 'maps-place'],
  ['https://maps.app.goo.gl/AbC', 'maps-place'],
  ['https://maps.google.com/?cid=12', 'maps-place'],
  ['https://acme.example', 'website'],
])('a pasted link is told apart: %s is %s', (text, link) => {
  expect(linkOf(text)).toBe(link);
});
