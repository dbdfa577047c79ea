-- Texts that repeat from call to call, once each. One that no call used for longer than calls are kept is deleted.
create table text_value (
  id int generated always as identity primary key,
  value text not null unique,
  used_on date not null
);

-- How far each partition of a topic is taken in. Written in the transaction of what was taken.
create table topic_position (
  topic text not null,
  partition int not null,
  position bigint not null,
  primary key (topic, partition)
);

-- A numbering of calls: a lane of a spool. next_sequence is the one after the highest that came.
create table lane (
  id int generated always as identity primary key,
  spool_id uuid not null,
  lane bigint not null,
  first_sequence bigint not null,
  next_sequence bigint not null,
  node text not null default '',
  seen_at timestamptz not null,
  unique (spool_id, lane)
);

-- Numbers that were skipped: calls that are lost, unless they come after all. to_sequence is excluded.
create table lost_range (
  lane_id int not null references lane,
  from_sequence bigint not null,
  to_sequence bigint not null,
  found_at timestamptz not null,
  primary key (lane_id, from_sequence)
);

-- What could not be read: a whole message where record is null, else the record at that place in it.
create table set_aside (
  id bigint generated always as identity primary key,
  topic text not null,
  partition int not null,
  position bigint not null,
  record int,
  reason text not null,
  payload bytea not null,
  set_aside_at timestamptz not null
);

-- One row a call. UUIDs and texts that a call has not are null; the columns that end in _text are ids of text_value.
create table call (
  id uuid not null,
  started timestamptz not null,
  lane_id int not null,
  sequence bigint not null,
  status smallint not null,
  latency_us bigint not null,
  upstream_us bigint not null,
  gateway_us bigint not null,
  bytes_in bigint not null,
  bytes_out bigint not null,
  config_generation bigint not null,
  credential_kind smallint not null,
  protocol smallint not null,
  cache_status smallint not null,
  upstream_tries int not null,
  api_id uuid,
  version_id uuid,
  operation_id uuid,
  application_id uuid,
  subscription_id uuid,
  plan_id uuid,
  provider_team uuid,
  consumer_team uuid,
  trace_id uuid,
  node_text int,
  gateway_group_text int,
  environment_text int,
  credential_prefix_text int,
  method_text int,
  host_text int,
  user_agent_text int,
  operation_name_text int,
  operation_template_text int,
  problem_text int,
  refused_by_text int,
  upstream_address_text int,
  path text not null,
  query text,
  client_address text,
  user_name text,
  captured_request bytea,
  captured_response bytea
) partition by range (started);

create index call_started on call using brin (started) with (pages_per_range = 32);
create index call_provider on call (provider_team, started);
create index call_consumer on call (consumer_team, started);

-- What rollups are kept of: the families' combinations of dimensions, once each. The zero UUID stands for none.
create table api_series (
  id int generated always as identity primary key,
  provider_team uuid not null,
  api_id uuid not null,
  version_id uuid not null,
  operation_id uuid not null,
  environment text not null,
  status_class smallint not null,
  unique (api_id, version_id, operation_id, environment, status_class, provider_team)
);

create index api_series_provider on api_series (provider_team);

create table application_series (
  id int generated always as identity primary key,
  provider_team uuid not null,
  consumer_team uuid not null,
  api_id uuid not null,
  application_id uuid not null,
  subscription_id uuid not null,
  plan_id uuid not null,
  environment text not null,
  status_class smallint not null,
  unique (application_id, api_id, subscription_id, plan_id, environment, status_class, provider_team, consumer_team)
);

create index application_series_provider on application_series (provider_team);
create index application_series_consumer on application_series (consumer_team);

create table model_series (
  id int generated always as identity primary key,
  consumer_team uuid not null,
  application_id uuid not null,
  model text not null,
  unique (application_id, model, consumer_team)
);

-- Rollups. Minutes are written by many processes, each in the rows of its own slot; hours and days are sums of them.
-- latency is a histogram (Rollups/LatencyHistogram.cs). Most updates of a minute's row stay on its page.
create table api_minute (
  time timestamptz not null,
  series int not null,
  slot smallint not null,
  calls bigint not null,
  unauthorized bigint not null,
  limited bigint not null,
  refused bigint not null,
  client_errors bigint not null,
  upstream_errors bigint not null,
  gateway_errors bigint not null,
  bytes_in bigint not null,
  bytes_out bigint not null,
  latency_total bigint not null,
  latency bytea not null,
  primary key (time, series, slot)
) partition by range (time);

create index api_minute_series on api_minute (series, time);

create table api_hour (
  time timestamptz not null,
  series int not null,
  calls bigint not null,
  unauthorized bigint not null,
  limited bigint not null,
  refused bigint not null,
  client_errors bigint not null,
  upstream_errors bigint not null,
  gateway_errors bigint not null,
  bytes_in bigint not null,
  bytes_out bigint not null,
  latency_total bigint not null,
  latency bytea not null,
  primary key (time, series)
) partition by range (time);

create index api_hour_series on api_hour (series, time);

create table api_day (like api_hour including all);

create table application_minute (like api_minute including all) partition by range (time);
create table application_hour (like api_hour including all) partition by range (time);
create table application_day (like api_hour including all);

-- Use of AI models: tokens by kind, and the cost in pico-units of the currency.
create table model_minute (
  time timestamptz not null,
  series int not null,
  slot smallint not null,
  calls bigint not null,
  errors bigint not null,
  input_tokens bigint not null,
  cached_input_tokens bigint not null,
  output_tokens bigint not null,
  reasoning_tokens bigint not null,
  currency text not null,
  cost numeric not null,
  latency_total bigint not null,
  latency bytea not null,
  primary key (time, series, slot, currency)
) partition by range (time);

create index model_minute_series on model_minute (series, time);

create table model_hour (
  time timestamptz not null,
  series int not null,
  calls bigint not null,
  errors bigint not null,
  input_tokens bigint not null,
  cached_input_tokens bigint not null,
  output_tokens bigint not null,
  reasoning_tokens bigint not null,
  currency text not null,
  cost numeric not null,
  latency_total bigint not null,
  latency bytea not null,
  primary key (time, series, currency)
) partition by range (time);

create index model_hour_series on model_hour (series, time);

create table model_day (like model_hour including all);

-- Which hours changed, counted by slot, and up to which count they are built from their minutes. An hour without a row
-- is built. Days likewise, from their hours.
create table hour_touched (
  time timestamptz not null,
  slot smallint not null,
  version bigint not null,
  primary key (time, slot)
);

create table hour_built (like hour_touched including all);

create table day_touched (
  time timestamptz primary key,
  version bigint not null
);

create table day_built (like day_touched including all);

-- From when on each level is kept: call, minute, hour.
create table kept_since (
  level text primary key,
  time timestamptz not null
);

-- What ids are called, as the catalog and Identity say.
create table dimension_name (
  kind smallint not null,
  id uuid not null,
  name text not null,
  team_id uuid,
  parent_id uuid,
  deleted boolean not null default false,
  primary key (kind, id)
);
