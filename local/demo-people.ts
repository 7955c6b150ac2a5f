import type { LeadInput } from '#domain/lead.ts';

/** Firms that do not exist: example domains, numbers that are kept for fiction. */
const firms: [
  name: string,
  industry: string,
  city: string,
  region: string,
  area: string,
  size: number,
][] = [
  ['Ridgeline Freight', 'Trucking', 'Albuquerque', 'NM', '505', 46],
  ['Hartwell Heating and Air', 'HVAC', 'Columbus', 'OH', '614', 18],
  ['Prado Landscape', 'Landscaping', 'Tucson', 'AZ', '520', 12],
  ['Blue Mesa Haulage', 'Trucking', 'Grand Junction', 'CO', '970', 31],
  ['Bauer Cold Air', 'HVAC', 'Madison', 'WI', '608', 9],
  ['Pinecrest Grounds', 'Landscaping', 'Raleigh', 'NC', '919', 22],
  ['Keystone Drayage', 'Trucking', 'Allentown', 'PA', '610', 64],
  ['Copperline Logistics', 'Trucking', 'Phoenix', 'AZ', '602', 120],
  ['Northwind Climate', 'HVAC', 'Duluth', 'MN', '218', 15],
  ['Dune Street Gardens', 'Landscaping', 'San Diego', 'CA', '619', 7],
  ['Tri-County Haulers', 'Trucking', 'Fresno', 'CA', '559', 38],
  ['Lakeshore Comfort', 'HVAC', 'Erie', 'PA', '814', 26],
  ['Fernhill Outdoors', 'Landscaping', 'Eugene', 'OR', '541', 11],
  ['Summit Line Carriers', 'Trucking', 'Reno', 'NV', '775', 52],
  ['Cedar and Stone', 'Landscaping', 'Asheville', 'NC', '828', 14],
  ['Polar Duct Works', 'HVAC', 'Buffalo', 'NY', '716', 33],
  ['Meridian Tankers', 'Trucking', 'Baton Rouge', 'LA', '225', 88],
  ['Greenway Mowing', 'Landscaping', 'Springfield', 'IL', '217', 6],
  ['Highland Boilers', 'HVAC', 'Spokane', 'WA', '509', 21],
  ['Juniper Express', 'Trucking', 'Salt Lake City', 'UT', '801', 43],
];

const people: [first: string, last: string, title: string][] = [
  ['Ray', 'Delgado', 'Fleet manager'],
  ['Colleen', 'Hart', 'Owner'],
  ['Luis', 'Prado', 'Owner'],
  ['Nadia', 'Rourke', 'Operations manager'],
  ['Karl', 'Bauer', 'Owner'],
  ['Owen', 'Tate', 'Crew lead'],
  ['Dee', 'Okafor', 'Dispatcher'],
  ['Mia', 'Santos', 'Safety director'],
  ['Jo', 'Lindqvist', 'Service manager'],
  ['Ben', 'Achterberg', 'Owner'],
  ['Ida', 'Moreau', 'Fleet manager'],
  ['Sam', 'Whitaker', 'Operations manager'],
  ['Priya', 'Nair', 'Office manager'],
  ['Tom', 'Halloran', 'Owner'],
  ['Grace', 'Adeyemi', 'General manager'],
  ['Victor', 'Lund', 'Service manager'],
  ['Elena', 'Petrov', 'Dispatcher'],
  ['Marcus', 'Bell', 'Owner'],
  ['Hana', 'Sato', 'Operations manager'],
  ['Will', 'Carver', 'Fleet manager'],
  ['Ruth', 'Ainsley', 'Controller'],
  ['Noah', 'Brandt', 'Driver manager'],
  ['Leila', 'Haddad', 'Owner'],
  ['Pete', 'Marsh', 'Shop foreman'],
  ['Anya', 'Kowalski', 'Office manager'],
  ['Cal', 'Jensen', 'Estimator'],
  ['Tess', 'Moran', 'Safety director'],
  ['Omar', 'Farouk', 'Terminal manager'],
  ['Lena', 'Fischer', 'Dispatcher'],
  ['Gus', 'Romano', 'Crew lead'],
  ['Maya', 'Ortiz', 'Fleet manager'],
  ['Ian', 'Frost', 'Service manager'],
  ['Kim', 'Nguyen', 'Designer'],
  ['Dale', 'Hutton', 'Owner'],
  ['Rosa', 'Medina', 'Operations manager'],
  ['Finn', 'Byrne', 'Installer'],
  ['Joan', 'Tully', 'Terminal manager'],
  ['Abe', 'Stein', 'Owner'],
  ['Carla', 'Rossi', 'Office manager'],
  ['Hugh', 'Dawson', 'Fleet manager'],
];

const sources = ['website', 'referral', 'event', 'email', 'partner', 'social'];

/** Forty people at twenty firms, the same ones every time. */
export const demoLeads: LeadInput[] = people.map(([firstName, lastName, title], n) => {
  const [company, industry, city, region, area, size] = firms[n % firms.length]!;
  const domain = `${company.toLowerCase().replace(/[^a-z]+/g, '-')}.example`;
  return {
    ...{ firstName, lastName, title, company, industry, companySize: size },
    email: `${firstName}.${lastName}@${domain}`.toLowerCase(),
    phone: `+1${area}55501${String(n % 100).padStart(2, '0')}`,
    website: `https://${domain}`,
    address: { city, region, country: 'US' },
    source: sources[n % sources.length]!,
    ...(n % 4 === 0 && { campaign: `${industry} spring` }),
    // Who lacks one is stopped by a template that needs it, for a person to see and mend.
    ...(n % 3 !== 0 && { fields: { fleet: 4 + ((n * 7) % 60) } }),
    externalId: `demo-${n + 1}`,
  };
});
