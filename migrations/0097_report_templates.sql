-- Words of a report, in Liquid. Each change is a version, and the latest is used.
create table report_templates (
  workspace_id uuid not null references workspaces on delete cascade,
  id           uuid not null default uuidv7(),
  name         text not null,
  version      int not null default 1,
  subject      text not null,
  body         text not null,
  updated_by   text not null,
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id)
);
create unique index report_templates_name on report_templates (workspace_id, lower(name));
alter table report_templates enable row level security;
create policy own on report_templates using (workspace_id = current_workspace());

create table report_template_versions (
  workspace_id uuid not null,
  template_id  uuid not null,
  version      int not null,
  subject      text not null,
  body         text not null,
  by           text not null,
  at           timestamptz not null default now(),
  primary key (workspace_id, template_id, version),
  foreign key (workspace_id, template_id) references report_templates on delete cascade
);
alter table report_template_versions enable row level security;
create policy own on report_template_versions using (workspace_id = current_workspace());

alter table reviews add foreign key (workspace_id, template_id) references report_templates;
