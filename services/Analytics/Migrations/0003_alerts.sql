-- Whom a team tells. secret is sealed: the key that webhooks are signed with, or Slack's whole address.
create table alert_channel (
  id uuid primary key,
  team_id uuid not null,
  name text not null,
  kind text not null,
  url text not null,
  addresses text[] not null,
  secret bytea,
  disabled boolean not null,
  disabled_reason text not null,
  version bigint not null,
  created_at timestamptz not null,
  unique (team_id, name)
);

create table alert_rule (
  id uuid primary key,
  team_id uuid not null,
  name text not null,
  description text not null,
  metric text not null,
  side text not null,
  filters jsonb not null,
  window_seconds int not null,
  comparison text not null,
  threshold float8 not null,
  hold_seconds int not null,
  no_data text not null,
  severity text not null,
  channel_ids uuid[] not null,
  disabled boolean not null,
  version bigint not null,
  created_at timestamptz not null,
  unique (team_id, name)
);

-- The alert of each rule. evaluated_to is the end of the last window that was evaluated; notified says whether anybody
-- was told that it fires.
create table alert (
  rule_id uuid primary key references alert_rule on delete cascade,
  state text not null,
  since timestamptz not null,
  alert_id uuid,
  started_at timestamptz,
  fired_at timestamptz,
  value float8,
  evaluated_to timestamptz,
  notified boolean not null
);
create index alert_evaluated on alert (evaluated_to);

-- Every change of state; it outlives its rule.
create table alert_change (
  id uuid primary key,
  team_id uuid not null,
  rule_id uuid not null,
  rule_name text not null,
  severity text not null,
  alert_id uuid not null,
  from_state text not null,
  to_state text not null,
  time timestamptz not null,
  value float8,
  threshold float8 not null,
  silenced boolean not null,
  reason text not null
);
create index alert_change_team on alert_change (team_id, id);
create index alert_change_rule on alert_change (rule_id, id);

create table alert_silence (
  id uuid primary key,
  team_id uuid not null,
  rule_id uuid references alert_rule on delete cascade,
  filters jsonb not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  author text not null,
  comment text not null,
  created_at timestamptz not null
);
create index alert_silence_team on alert_silence (team_id, ends_at);

-- A notification on its way over one channel. leased_until: somebody is sending it, and if nothing is heard of that it is
-- due again then.
create table alert_delivery (
  id uuid primary key,
  team_id uuid not null,
  channel_id uuid not null,
  rule_id uuid,
  change_id uuid,
  type text not null,
  content text not null,
  status text not null,
  attempts int not null,
  due_at timestamptz not null,
  leased_until timestamptz,
  created_at timestamptz not null,
  last_attempt_at timestamptz,
  ended_at timestamptz,
  last_answer text not null
);
create index alert_delivery_due on alert_delivery (due_at) where status = 'Waiting';
create index alert_delivery_channel on alert_delivery (channel_id) where status = 'Waiting';
create index alert_delivery_team on alert_delivery (team_id, id);
create index alert_delivery_ended on alert_delivery (ended_at) where status <> 'Waiting';
