-- authentication: secret, private_key_jwt or none; secret_sha256 is there with secret alone, jwks (RFC 7517) with
-- private_key_jwt alone.
alter table oauth_clients
  add column version bigint not null default 1,
  add column authentication text not null default 'secret',
  add column jwks text,
  add column grant_types text[] not null default '{client_credentials}',
  add column redirect_uris text[] not null default '{}',
  add column post_logout_redirect_uris text[] not null default '{}',
  alter column secret_sha256 drop not null;

-- The jti of assertions that clients proved themselves with (RFC 7523 section 3): each is good once.
create table client_assertions (
  client_id text not null,
  token_id text not null,
  expires_at timestamptz not null,
  primary key (client_id, token_id)
);
create index client_assertions_expires on client_assertions (expires_at);

-- What a user has agreed that a client may have.
create table consents (
  user_id uuid not null references users on delete cascade,
  client_id text not null,
  scopes text[] not null,
  given_at timestamptz not null,
  primary key (user_id, client_id)
);

-- What a client was given by a user at one time, with all codes and tokens that come of it: a family.
create table grants (
  id uuid primary key,
  client_id text not null,
  team_id uuid,
  user_id uuid not null references users on delete cascade,
  session_id uuid not null,
  scopes text[] not null,
  authenticated_at timestamptz not null,
  methods text[] not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index grants_client on grants (client_id);
create index grants_user on grants (user_id);
create index grants_session on grants (session_id);
create index grants_expires on grants (expires_at);

create table authorization_codes (
  sha256 bytea primary key,
  grant_id uuid not null references grants on delete cascade,
  redirect_uri text not null,
  code_challenge text not null,
  nonce text,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index authorization_codes_grant on authorization_codes (grant_id);

create table refresh_tokens (
  sha256 bytea primary key,
  grant_id uuid not null references grants on delete cascade,
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index refresh_tokens_grant on refresh_tokens (grant_id);

-- The jti of access tokens, by which they are revoked with their family.
create table granted_tokens (
  token_id text primary key,
  grant_id uuid not null references grants on delete cascade,
  expires_at timestamptz not null
);
create index granted_tokens_grant on granted_tokens (grant_id);
create index granted_tokens_expires on granted_tokens (expires_at);

-- RFC 8628. grant_id once a user has allowed it. interval_seconds: how long the device has to wait between two polls.
create table device_codes (
  sha256 bytea primary key,
  user_code text not null unique,
  client_id text not null,
  scopes text[] not null,
  expires_at timestamptz not null,
  interval_seconds int not null,
  polled_at timestamptz,
  grant_id uuid references grants on delete cascade,
  denied_at timestamptz,
  used_at timestamptz
);
create index device_codes_expires on device_codes (expires_at);

-- Wrong user codes that were entered in a session (RFC 8628 section 5.1).
create table device_code_misses (
  session_id uuid primary key,
  misses int not null,
  until timestamptz not null
);
