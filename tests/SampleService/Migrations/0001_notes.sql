create table notes (
  id uuid primary key,
  team_id uuid not null,
  text text not null,
  version bigint not null default 1
);
create index on notes (team_id, id);
