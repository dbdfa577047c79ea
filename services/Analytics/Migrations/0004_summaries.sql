-- Rollups of fewer combinations, which most questions about many calls are answered from: by API, and by providing team.
create table summary_series (
  id int generated always as identity primary key,
  provider_team uuid not null,
  api_id uuid not null,
  environment text not null,
  status_class smallint not null,
  unique (api_id, environment, status_class, provider_team)
);

create index summary_series_provider on summary_series (provider_team);

create table summary_minute (like api_minute including all) partition by range (time);
create table summary_hour (like api_hour including all) partition by range (time);
create table summary_day (like api_hour including all);

create table provider_series (
  id int generated always as identity primary key,
  provider_team uuid not null,
  environment text not null,
  status_class smallint not null,
  unique (provider_team, environment, status_class)
);

create table provider_minute (like api_minute including all) partition by range (time);
create table provider_hour (like api_hour including all) partition by range (time);
create table provider_day (like api_hour including all);

-- What was counted before, and what instances of the version before still count, is not in them: they are asked from
-- then on, which is after every instance is of this version.
insert into kept_since (level, time)
select 'summary', date_trunc('day', now(), 'UTC') + interval '2 days' where exists (select from api_series);
