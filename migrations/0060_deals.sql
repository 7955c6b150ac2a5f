-- What is sold, with the price that a deal line copies when it is added.
create table products (
  workspace_id uuid not null references workspaces on delete cascade,
  id           uuid not null default uuidv7(),
  sku          text not null,
  name         text not null,
  price_cents  bigint not null check (price_cents >= 0),
  cost_cents   bigint check (cost_cents >= 0),
  archived_at  timestamptz,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id)
);
create unique index products_by_sku on products (workspace_id, sku);
alter table products enable row level security;
create policy own on products using (workspace_id = current_workspace());

create table pipelines (
  workspace_id uuid not null references workspaces on delete cascade,
  id           uuid not null default uuidv7(),
  name         text not null,
  position     int not null default 0,
  archived_at  timestamptz,
  created_at   timestamptz not null default now(),
  primary key (workspace_id, id)
);
alter table pipelines enable row level security;
create policy own on pipelines using (workspace_id = current_workspace());

create table stages (
  workspace_id uuid not null,
  id           uuid not null default uuidv7(),
  pipeline_id  uuid not null,
  slug         text not null check (slug ~ '^[a-z0-9]+(_[a-z0-9]+)*$'),
  name         text not null,
  colour       text not null default 'slate',
  kind         text not null default 'open' check (kind in ('open', 'won', 'lost')),
  probability  int not null check (probability between 0 and 100),
  position     int not null,
  required     jsonb not null default '[]',
  next_slugs   jsonb,
  actions      jsonb not null default '[]',
  is_active    boolean not null default true,
  archived_at  timestamptz,
  primary key (workspace_id, id),
  foreign key (workspace_id, pipeline_id) references pipelines on delete cascade,
  check (kind <> 'won' or probability = 100),
  check (kind <> 'lost' or probability = 0)
);
comment on column stages.kind is 'Won and lost end a deal; that cannot be edited away.';
comment on column stages.required is 'Fields that a deal must have before it may enter, e.g. ["companyId", "expectedCloseOn"].';
comment on column stages.next_slugs is 'The stages that a deal may go to from here; nothing means any.';
comment on column stages.actions is 'What happens when a deal enters: [{do: "enrol", sequenceId} | {do: "stop", sequenceId?}].';
comment on column stages.is_active is 'Deals of an inactive stage count in no forecast and no weighted number.';
create unique index stages_by_slug on stages (workspace_id, pipeline_id, slug);
alter table stages enable row level security;
create policy own on stages using (workspace_id = current_workspace());

-- Every workspace begins with a pipeline.
create function begin_pipeline(workspace uuid) returns void
  language sql security definer set search_path = public as $$
  with made as (
    insert into pipelines (workspace_id, name) values (workspace, 'Sales') returning id)
  insert into stages (workspace_id, pipeline_id, slug, name, colour, kind, probability, position)
  select workspace, made.id, s.*
  from made, (values
    ('discovery', 'Discovery', 'slate', 'open', 20, 0),
    ('qualification', 'Qualification', 'blue', 'open', 40, 1),
    ('proposal', 'Proposal', 'violet', 'open', 60, 2),
    ('negotiation', 'Negotiation', 'amber', 'open', 80, 3),
    ('closed_won', 'Closed won', 'green', 'won', 100, 4),
    ('closed_lost', 'Closed lost', 'red', 'lost', 0, 5)) s
$$;
revoke execute on function begin_pipeline from public;
create function begin_workspace() returns trigger
  language plpgsql security definer set search_path = public as $$ begin
  perform begin_pipeline(new.id);
  return new;
end $$;
create trigger workspaces_begin after insert on workspaces
  for each row execute function begin_workspace();
select begin_pipeline(id) from workspaces;

create table deals (
  workspace_id       uuid not null references workspaces on delete cascade,
  id                 uuid not null default uuidv7(),
  pipeline_id        uuid not null,
  stage_id           uuid not null,
  status             text not null default 'open' check (status in ('open', 'won', 'lost')),
  name               text not null,
  company_id         uuid,
  contact_id         uuid,
  lead_id            uuid,
  owner_id           text,
  source             text not null default 'manual',
  external_id        text,
  campaign           text,
  location           text,
  amount_cents       bigint not null default 0 check (amount_cents >= 0),
  typed_cents        bigint not null default 0 check (typed_cents >= 0),
  line_count         int not null default 0,
  probability        int check (probability between 0 and 100),
  expected_close_on  date,
  next_action        text,
  next_action_at     timestamptz,
  competitor         text,
  lost_reason        text,
  lost_note          text,
  won_at             timestamptz,
  lost_at            timestamptz,
  stage_entered_at   timestamptz not null default now(),
  last_activity_at   timestamptz not null default now(),
  close_pushes       int not null default 0,
  risk_score         real check (risk_score between 0 and 1),
  risk_band          text check (risk_band in ('low', 'medium', 'high')),
  risk_factors       jsonb not null default '[]',
  health_score       int check (health_score between 0 and 100),
  assessed_at        timestamptz,
  left_out_because   text,
  fields             jsonb not null default '{}',
  search             text not null default '',
  is_demo            boolean not null default false,
  archived_at        timestamptz,
  deleted_at         timestamptz,
  created_by         text not null,
  created_at         timestamptz not null default now(),
  updated_at         timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, pipeline_id) references pipelines,
  foreign key (workspace_id, stage_id) references stages,
  foreign key (workspace_id, company_id) references companies,
  foreign key (workspace_id, contact_id) references contacts,
  foreign key (workspace_id, lead_id) references leads
);
comment on column deals.amount_cents is 'The sum of its lines; what was typed while it has none.';
comment on column deals.close_pushes is 'How often its close date was put later.';
comment on column deals.left_out_because is 'A person leaves it out of the forecast, for this reason.';
comment on column deals.search is 'Name, company and contact in lower case.';
create unique index deals_by_external on deals (workspace_id, source, external_id) where external_id is not null;
create unique index deals_of_conversion on deals (workspace_id, lead_id) where lead_id is not null and deleted_at is null;
create index deals_of_stage on deals (workspace_id, stage_id, id) where deleted_at is null and archived_at is null;
create index deals_open on deals (workspace_id, expected_close_on, id) where status = 'open' and deleted_at is null;
create index deals_of_owner on deals (workspace_id, owner_id, id) where deleted_at is null;
create index deals_of_company on deals (workspace_id, company_id, id) where deleted_at is null;
create index deals_of_contact on deals (workspace_id, contact_id, id) where deleted_at is null;
create index deals_at_risk on deals (workspace_id, risk_score desc, id) where status = 'open' and deleted_at is null;
create index deals_by_activity on deals (workspace_id, last_activity_at, id) where status = 'open' and deleted_at is null;
create index deals_by_amount on deals (workspace_id, amount_cents, id) where deleted_at is null;
create index deals_won on deals (workspace_id, won_at) where status = 'won' and deleted_at is null;
create index deals_lost on deals (workspace_id, lost_at) where status = 'lost' and deleted_at is null;
create index deals_by_search on deals using gin (search gin_trgm_ops);
alter table deals enable row level security;
create policy own on deals using (workspace_id = current_workspace());

-- As leads_like: row-level security would keep the trigram index from being used.
create function deals_like(pattern text, most int, before uuid) returns setof uuid
  language sql stable security definer set search_path = public as $$
  select id from deals
  where workspace_id = current_workspace() and deleted_at is null and search like pattern
    and (before is null or id < before)
  order by id desc limit most
$$;

-- A line keeps the price and the cost of its product as they were when it was added.
create table deal_lines (
  workspace_id     uuid not null,
  id               uuid not null default uuidv7(),
  deal_id          uuid not null,
  product_id       uuid,
  sku              text,
  name             text not null,
  quantity         int not null check (quantity > 0),
  unit_price_cents bigint not null check (unit_price_cents >= 0),
  unit_cost_cents  bigint check (unit_cost_cents >= 0),
  discount_percent numeric(5, 2) not null default 0 check (discount_percent between 0 and 100),
  total_cents      bigint not null generated always as
    (round(unit_price_cents * quantity * (100 - discount_percent) / 100)) stored,
  position         int not null default 0,
  priced_at        timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, deal_id) references deals on delete cascade,
  foreign key (workspace_id, product_id) references products
);
comment on column deal_lines.total_cents is 'Rounded to the cent per line, halves away from zero; a deal is the sum of its lines.';
create index deal_lines_of_deal on deal_lines (workspace_id, deal_id, position, id);
alter table deal_lines enable row level security;
create policy own on deal_lines using (workspace_id = current_workspace());

-- Every change of a deal, written once.
create table deal_events (
  workspace_id uuid not null,
  id           uuid not null default uuidv7(),
  deal_id      uuid not null,
  kind         text not null,
  before       jsonb not null default '{}',
  after        jsonb not null default '{}',
  actor        text not null,
  at           timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, deal_id) references deals on delete cascade
);
comment on column deal_events.kind is 'created, stage_changed, changed, won, lost, reopened, line_added, line_changed, line_removed, at_risk, archived, deleted, restored, merged.';
create index deal_events_of_deal on deal_events (workspace_id, deal_id, id);
create index deal_events_by_time on deal_events (workspace_id, at, kind);
alter table deal_events enable row level security;
create policy own on deal_events using (workspace_id = current_workspace());
revoke update, delete on deal_events from throughline_app;
