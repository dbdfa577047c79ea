-- What every service wrote into its audit log, as it published it. Kept for good; a place in a service's chain once.
create table audit_entry (
  service text not null,
  position bigint not null,
  id uuid not null unique,
  time timestamptz not null,
  actor_kind text not null,
  actor text not null,
  client_id text,
  client_address text,
  action text not null,
  object_kind text not null,
  object_id text not null,
  team_id uuid,
  result text not null,
  before text,
  after text,
  trace_id text,
  hash bytea not null,
  primary key (service, position)
);

create index audit_entry_time on audit_entry (time desc, id desc);
create index audit_entry_team on audit_entry (team_id, time desc, id desc);
create index audit_entry_object on audit_entry (object_id, time desc, id desc);
create index audit_entry_actor on audit_entry (actor, time desc, id desc);

-- Entries that came for a place where another one is already: somebody rewrote a service's log. Nothing is overwritten.
create table audit_conflict (
  service text not null,
  position bigint not null,
  hash bytea not null,
  event bytea not null,
  found_at timestamptz not null,
  primary key (service, position, hash)
);
