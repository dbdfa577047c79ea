-- What every service has beside its own tables, in a schema of its own.

-- Positions are handed out by one row, locked by the last step of each transaction, so that they become visible in
-- their order: whoever has seen position n will never see a smaller one appear.
create table service.outbox_head (
  the_only boolean primary key default true check (the_only),
  position bigint not null,
  audit_position bigint not null,
  audit_hash bytea not null
);

insert into service.outbox_head (position, audit_position, audit_hash)
values (0, 0, decode(repeat('00', 32), 'hex'));

create table service.outbox (
  position bigint primary key,
  id uuid not null,
  topic text not null,
  key text,
  type text not null,
  source text not null,
  time timestamptz not null,
  content_type text not null,
  payload bytea not null,
  traceparent text,
  tracestate text,
  published_at timestamptz,
  failed_at timestamptz,
  failure text
);

create index outbox_waiting on service.outbox (position) where published_at is null and failed_at is null;
create index outbox_published on service.outbox (published_at) where published_at is not null;
create index outbox_failed on service.outbox (position) where failed_at is not null;

-- before_state and after_state are json and not jsonb: the hash covers their text.
create table service.audit_log (
  position bigint primary key,
  id uuid not null unique,
  time timestamptz not null,
  actor_kind text not null,
  actor text not null,
  client_id text,
  address text,
  action text not null,
  object_kind text not null,
  object_id text not null,
  team uuid,
  result text not null,
  before_state json,
  after_state json,
  trace_id text,
  hash bytea not null
);

create index audit_log_object on service.audit_log (object_kind, object_id, position);

create function service.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '%.% is append-only', tg_table_schema, tg_table_name;
end
$$;

create trigger audit_log_append_only before update or delete on service.audit_log
  for each row execute function service.refuse_change();
create trigger audit_log_no_truncate before truncate on service.audit_log
  for each statement execute function service.refuse_change();

-- scope = SHA-256 over caller, endpoint and key; fingerprint = SHA-256 over the request.
create table service.idempotent_answer (
  scope bytea primary key,
  id uuid not null,
  fingerprint bytea not null,
  status int not null,
  headers json not null,
  body bytea not null,
  expires_at timestamptz not null
);

create index idempotent_answer_expires on service.idempotent_answer (expires_at);
