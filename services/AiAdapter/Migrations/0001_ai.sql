-- How a team reaches a provider: one of the built-in ones by its name, or one that the team describes itself.
create table connection (
  id uuid primary key,
  team_id uuid not null,
  name text not null,
  provider text,
  custom jsonb,
  places jsonb not null,
  api_version text,
  drop_unsupported boolean not null,
  disabled boolean not null,
  version bigint not null,
  created_at timestamptz not null,
  unique (team_id, name),
  check ((provider is null) <> (custom is null))
);
create index on connection (team_id, id);

create table provider_key (
  id uuid primary key,
  team_id uuid not null,
  connection_id uuid not null references connection on delete cascade,
  name text not null,
  -- Sealed; its last characters beside it are all that is ever shown.
  secret bytea not null,
  last_four text not null,
  requests_per_minute integer,
  tokens_per_minute bigint,
  parallel integer,
  disabled boolean not null,
  version bigint not null,
  created_at timestamptz not null,
  rotated_at timestamptz,
  unique (connection_id, name)
);

-- What a team says of a model: one that the catalogue does not know, or prices of its own.
create table own_model (
  id uuid primary key,
  team_id uuid not null,
  provider text,
  connection_id uuid references connection on delete cascade,
  name text not null,
  about jsonb not null,
  prices jsonb not null,
  version bigint not null,
  created_at timestamptz not null,
  unique nulls not distinct (team_id, provider, connection_id, name),
  check ((provider is null) <> (connection_id is null))
);
create index on own_model (team_id, id);

create table virtual_model (
  id uuid primary key,
  team_id uuid not null,
  name text not null,
  description text not null,
  strategy text not null,
  targets jsonb not null,
  attempts integer not null,
  fallback_on_refusal boolean not null,
  cache_seconds integer,
  disabled boolean not null,
  version bigint not null,
  created_at timestamptz not null
);
create index on virtual_model (team_id, id);

-- The names that clients call: of every virtual model its own, and its aliases. In one table, so that none is there twice.
create table model_name (
  team_id uuid not null,
  name text not null,
  virtual_model_id uuid not null references virtual_model on delete cascade,
  is_alias boolean not null,
  version bigint not null,
  primary key (team_id, name)
);
create index on model_name (virtual_model_id);

create table budget (
  id uuid primary key,
  team_id uuid not null,
  name text not null,
  scope text not null,
  -- A UUID as text, or the visible part of a credential; empty where the scope says it all.
  target text not null,
  unit text not null,
  currency text,
  window_kind text not null,
  -- Tokens, or micro-units of the currency.
  hard bigint,
  soft bigint,
  disabled boolean not null,
  version bigint not null,
  created_at timestamptz not null,
  unique (team_id, name)
);
create index on budget (team_id, id);

-- What every settled call came to: the truth that counters elsewhere are copies of.
create table ledger (
  id uuid primary key,
  time timestamptz not null,
  call_id uuid not null,
  api_team_id uuid not null,
  api_id uuid not null,
  environment text not null,
  application_id uuid,
  application_team_id uuid,
  credential text not null,
  model text not null,
  tokens bigint not null,
  -- 10^-12 of the currency; null: the price is not known.
  pico bigint,
  currency text
);
create index on ledger (api_team_id, time);
create index on ledger (application_team_id, time);

-- The sum of a budget's window, kept with every entry of the ledger: tokens, or 10^-12 of the currency.
create table budget_use (
  budget_id uuid not null references budget on delete cascade,
  starts_at timestamptz not null,
  used numeric(38, 0) not null,
  soft_reached_at timestamptz,
  hard_reached_at timestamptz,
  primary key (budget_id, starts_at)
);

-- Whatever changes what calls are served by says whose it is. By triggers: no way of changing it can forget to.
create function tell_configuration() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    perform pg_notify('ai_configuration', old.team_id::text);
  else
    perform pg_notify('ai_configuration', new.team_id::text);
  end if;
  return null;
end
$$;
create trigger tell after insert or update or delete on connection for each row execute function tell_configuration();
create trigger tell after insert or update or delete on provider_key for each row execute function tell_configuration();
create trigger tell after insert or update or delete on own_model for each row execute function tell_configuration();
create trigger tell after insert or update or delete on virtual_model for each row execute function tell_configuration();
create trigger tell after insert or update or delete on model_name for each row execute function tell_configuration();
create trigger tell after insert or update or delete on budget for each row execute function tell_configuration();
