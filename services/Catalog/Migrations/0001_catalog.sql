create table environment (
  name text primary key check (name ~ '^[a-z0-9]{1,16}$'),
  gateway_group text not null unique,
  position integer not null
);
insert into environment (name, gateway_group, position)
values ('sandbox', 'sandbox', 1), ('production', 'production', 2);

-- What Identity said of teams. No other table refers to it: a team is known by its id alone.
create table team (
  id uuid primary key,
  slug text not null
);
create index on team (slug);

create table team_rules (
  team_id uuid primary key,
  review text not null,
  version bigint not null
);

create table api (
  id uuid primary key,
  team_id uuid not null,
  slug text not null,
  name text not null,
  description text not null,
  type text not null,
  visibility text not null,
  visible_to uuid[] not null,
  category text not null,
  tags text[] not null,
  labels jsonb not null,
  version bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  search tsvector generated always as
    (to_tsvector('simple', name || ' ' || slug || ' ' || category || ' ' || description)) stored,
  unique (team_id, slug)
);
create index on api (name, id);
create index on api using gin (search);

create table api_version (
  id uuid primary key,
  api_id uuid not null references api on delete cascade,
  name text not null,
  state text not null,
  host text not null,
  base_path text not null,
  selector jsonb,
  only_operations boolean not null,
  upstreams jsonb not null,
  plan_ids uuid[] not null,
  format text,
  operation_count integer not null,
  author text not null,
  submitted_by text,
  deprecated_at timestamptz,
  sunset_at timestamptz,
  successor_id uuid,
  deprecation_reason text not null default '',
  migration_guide text not null default '',
  version bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (api_id, name)
);
create index on api_version using gin (plan_ids);

create table version_transition (
  id uuid primary key,
  version_id uuid not null references api_version on delete cascade,
  from_state text not null,
  to_state text not null,
  actor text not null,
  comment text not null,
  time timestamptz not null
);
create index on version_transition (version_id, id);

create table specification (
  version_id uuid primary key references api_version on delete cascade,
  document bytea not null,
  hash bytea not null,
  syntax text not null,
  findings jsonb not null,
  created_at timestamptz not null
);
-- Documents are text, and most of their size is repetition.
alter table specification alter column document set compression pglz;

create table operation (
  version_id uuid not null references api_version on delete cascade,
  id uuid not null,
  position bigint not null,
  operation_id text not null,
  method text not null,
  path_template text not null,
  summary text not null,
  tags text[] not null,
  deprecated boolean not null,
  routable boolean not null,
  required_scopes text[] not null,
  primary key (version_id, position)
);

-- Who has which base path: one API each, over all environments.
create table base_path (
  id uuid primary key,
  host text not null,
  path text not null,
  api_id uuid not null references api on delete cascade,
  team_id uuid not null,
  approved boolean not null,
  reason text not null,
  created_at timestamptz not null,
  unique (host, path)
);

create table binding (
  environment text not null references environment,
  version_id uuid not null references api_version on delete cascade,
  upstream text not null,
  addresses jsonb not null,
  version bigint not null,
  primary key (version_id, environment, upstream)
);

create table revision (
  id uuid primary key,
  version_id uuid not null references api_version on delete cascade,
  environment text not null references environment,
  number bigint not null,
  author text not null,
  comment text not null,
  content bytea not null,
  created_at timestamptz not null,
  unique (version_id, environment, number)
);

-- What is served now.
create table deployment (
  version_id uuid not null references api_version,
  environment text not null references environment,
  revision_id uuid not null references revision,
  host text not null,
  base_path text not null,
  selector jsonb,
  primary key (version_id, environment)
);
create index on deployment (environment, host, base_path);

create table plan (
  id uuid primary key,
  team_id uuid not null,
  name text not null,
  description text not null,
  limits jsonb not null,
  quotas jsonb not null,
  operation_ids uuid[] not null,
  approval text not null,
  price jsonb,
  version bigint not null,
  created_at timestamptz not null,
  unique (team_id, name)
);

-- A deleted application stays as long as its subscriptions are told of.
create table application (
  id uuid primary key,
  team_id uuid not null,
  name text not null,
  description text not null,
  version bigint not null,
  created_at timestamptz not null,
  deleted_at timestamptz
);
create unique index on application (team_id, name) where deleted_at is null;

create table subscription (
  id uuid primary key,
  application_id uuid not null references application,
  application_team_id uuid not null,
  api_id uuid not null,
  api_team_id uuid not null,
  plan_id uuid not null,
  environment text not null references environment,
  state text not null,
  reason text not null,
  comment text not null,
  expires_at timestamptz,
  version bigint not null,
  created_at timestamptz not null
);
create unique index subscription_live on subscription (application_id, api_id, environment)
where state in ('Pending', 'Active', 'Suspended');
create index on subscription (application_team_id, id);
create index on subscription (api_team_id, id);
create index on subscription (api_id);
create index on subscription (expires_at) where state in ('Active', 'Suspended') and expires_at is not null;

-- The policies of a level; target is the team, version or operation, and of the platform all zeros.
create table policy_level (
  level text not null,
  target uuid not null,
  version_id uuid references api_version on delete cascade,
  policies jsonb not null,
  version bigint not null,
  primary key (level, target)
);
create index on policy_level (version_id);
