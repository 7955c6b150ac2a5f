import { expect } from 'vitest';
import { test } from '#tests/db.ts';

test('a pasted address is known for what it is and goes to the person or the company it belongs to', async ({
  serve,
}) => {
  const { body } = await serve.post('/api/leads', { email: 'ann@acme.example', company: 'Acme' });
  const { lead } = body as { lead: { id: string; contactId: string; companyId: string } };
  const links = {
    'https://www.linkedin.com/in/ann-lee': ['contact-linkedin', 'contact', 'linkedin'],
    'https://www.linkedin.com/company/acme': ['company-linkedin', 'company', 'linkedin'],
    'https://maps.app.goo.gl/abc': ['maps-place', 'company', 'mapsUrl'],
    'https://acme.example/fleet': ['website', 'company', 'website'],
  };
  for (const [url, [link, record, field]] of Object.entries(links)) {
    const plain = await serve.post('/api/links/classify', { url });
    expect(plain.body).toEqual({ link, record, field, appliedTo: null });
    const apply = { record: 'lead', id: lead.id };
    const appliedTo = record === 'contact' ? lead.contactId : lead.companyId;
    const applied = await serve.post('/api/links/classify', { url, apply });
    expect(applied.body).toEqual({ link, record, field, appliedTo });
    const folder = record === 'contact' ? 'contacts' : 'companies';
    const shown = await serve.get(`/api/${folder}/${appliedTo}`);
    expect(shown.body).toMatchObject({ [record!]: { [field!]: url } });
  }
  expect((await serve.post('/api/links/classify', { url: 'call me' })).status).toBe(422);
  const apply = { record: 'company', id: lead.companyId };
  const odd = await serve.post('/api/links/classify', {
    url: 'https://www.linkedin.com/in/ann-lee',
    apply,
  });
  expect(odd.status).toBe(422);
});
