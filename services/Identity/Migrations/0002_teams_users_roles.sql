create table teams (
  id uuid primary key,
  slug text not null unique,
  name text not null,
  description text not null,
  version bigint not null default 1,
  created_at timestamptz not null
);

-- password_hash: as ASP.NET Core Identity's hasher writes it; null for users without a password.
create table users (
  id uuid primary key,
  login text not null unique,
  name text not null,
  email text not null,
  password_hash text,
  platform_roles text[] not null,
  version bigint not null default 1,
  created_at timestamptz not null
);

create table members (
  team_id uuid not null references teams on delete cascade,
  user_id uuid not null references users on delete cascade,
  roles text[] not null,
  primary key (team_id, user_id)
);
create index members_user on members (user_id);

-- The table in force is all rows; its version grows with each change.
create table roles (
  name text primary key,
  reach text not null,
  permissions text[] not null,
  built_in boolean not null
);

create table role_table_head (
  the_only boolean primary key default true check (the_only),
  version bigint not null
);
insert into role_table_head (version) values (0);

-- client_id outside is client_ and the id. Generated secrets of 256 bits: their SHA-256.
create table team_clients (
  id uuid primary key,
  team_id uuid not null references teams on delete cascade,
  name text not null,
  roles text[] not null,
  secret_sha256 bytea not null,
  created_at timestamptz not null,
  revoked_at timestamptz
);
create index team_clients_team on team_clients (team_id, id);
