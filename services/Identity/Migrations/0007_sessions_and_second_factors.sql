-- password_changed_at: what was begun with the password before is not finished with it.
alter table users
  add column disabled_at timestamptz,
  add column password_changed_at timestamptz;
create index users_email on users (lower(email));

-- A browser's session. sha256: of the secret in its cookie, which each sign-in replaces; the id stays, and is the sid of
-- tokens. An ended one is kept a while, so that nothing is given in it any more.
create table sessions (
  id uuid primary key,
  sha256 bytea not null unique,
  user_id uuid not null references users on delete cascade,
  methods text[] not null,
  authenticated_at timestamptz not null,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  address text,
  browser text not null,
  ended_at timestamptz
);
create index sessions_user on sessions (user_id);
create index sessions_expires on sessions (expires_at);

-- What is guessed at: kind says at what, sha256 whose or from where. Nothing is tried before retry_at. told_at: when that
-- was last refused.
create table attempts (
  kind text not null,
  sha256 bytea not null,
  count int not null,
  last_at timestamptz not null,
  retry_at timestamptz not null,
  told_at timestamptz,
  primary key (kind, sha256)
);
create index attempts_last on attempts (last_at);

-- TOTP (RFC 6238). seed is sealed; it counts once confirmed. last_step: of the last code that was taken.
create table second_factors (
  user_id uuid primary key references users on delete cascade,
  seed bytea not null,
  made_at timestamptz not null,
  confirmed_at timestamptz,
  last_step bigint not null default 0
);

create table recovery_codes (
  user_id uuid not null references users on delete cascade,
  sha256 bytea not null,
  made_at timestamptz not null,
  used_at timestamptz,
  primary key (user_id, sha256)
);

-- Links in e-mail: each is good once, for one purpose. content is JSON.
create table links (
  sha256 bytea primary key,
  purpose text not null,
  user_id uuid references users on delete cascade,
  content text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index links_user on links (user_id, purpose);
create index links_expires on links (expires_at);
