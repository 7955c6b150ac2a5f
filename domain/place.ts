/** ISO 3166 alpha-2 of a country as people write it, or nothing when it is not known. */
export function countryCode(text: string): string | undefined {
  const plain = text.trim().toLowerCase().replaceAll('.', '');
  if (/^[a-z]{2}$/.test(plain)) return plain === 'uk' ? 'GB' : plain.toUpperCase();
  return countries.get(plain);
}

/** The state as its two letters for the United States, as it was written elsewhere. */
export function regionCode(text: string, country: string | undefined): string {
  const trimmed = text.trim();
  if (country && country !== 'US') return trimmed;
  const state = states.get(trimmed.toLowerCase());
  return state ?? (/^[a-z]{2}$/i.test(trimmed) ? trimmed.toUpperCase() : trimmed);
}

function table(text: string): Map<string, string> {
  const pairs = text.split(/[;\n]/).map((pair) => pair.trim().split('='));
  return new Map(pairs.map(([code, name]) => [name!, code!]));
}

const countries = table(
  `US=usa;US=united states;US=united states of america;US=america;CA=canada;CA=can;MX=mexico;MX=méxico
  GB=united kingdom;GB=great britain;GB=england;GB=scotland;GB=wales;IE=ireland;DE=germany;DE=deutschland
  AT=austria;AT=österreich;CH=switzerland;CH=schweiz;FR=france;ES=spain;ES=españa;PT=portugal;IT=italy
  IT=italia;NL=netherlands;NL=the netherlands;BE=belgium;LU=luxembourg;DK=denmark;SE=sweden;NO=norway
  FI=finland;PL=poland;CZ=czech republic;CZ=czechia;SK=slovakia;HU=hungary;RO=romania;GR=greece;TR=turkey
  AU=australia;NZ=new zealand;IN=india;JP=japan;CN=china;SG=singapore;ZA=south africa;BR=brazil;BR=brasil
  AR=argentina;CL=chile;CO=colombia;PR=puerto rico;IL=israel;AE=united arab emirates`,
);

const states = table(
  `AL=alabama;AK=alaska;AZ=arizona;AR=arkansas;CA=california;CO=colorado;CT=connecticut;DE=delaware
  DC=district of columbia;FL=florida;GA=georgia;HI=hawaii;ID=idaho;IL=illinois;IN=indiana;IA=iowa;KS=kansas
  KY=kentucky;LA=louisiana;ME=maine;MD=maryland;MA=massachusetts;MI=michigan;MN=minnesota;MS=mississippi
  MO=missouri;MT=montana;NE=nebraska;NV=nevada;NH=new hampshire;NJ=new jersey;NM=new mexico;NY=new york
  NC=north carolina;ND=north dakota;OH=ohio;OK=oklahoma;OR=oregon;PA=pennsylvania;RI=rhode island
  SC=south carolina;SD=south dakota;TN=tennessee;TX=texas;UT=utah;VT=vermont;VA=virginia;WA=washington
  WV=west virginia;WI=wisconsin;WY=wyoming`,
);
