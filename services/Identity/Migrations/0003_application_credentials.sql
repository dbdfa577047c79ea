-- What Identity knows of the catalog's applications. The row of a deleted one stays: nothing is made for it any more.
create table applications (
  id uuid primary key,
  team_id uuid not null,
  deleted_at timestamptz
);
create index applications_team on applications (team_id);

create table api_keys (
  id uuid primary key,
  application_id uuid not null references applications,
  environment text not null,
  name text not null,
  visible_prefix text not null,
  sha256 bytea not null unique,
  allowed_networks text[] not null,
  scopes text[] not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz
);
create index api_keys_application on api_keys (application_id, id);

-- tokens_not_before: access tokens from before are refused.
create table oauth_clients (
  id uuid primary key,
  application_id uuid not null references applications,
  environment text not null,
  name text not null,
  scopes text[] not null,
  secret_sha256 bytea not null,
  created_at timestamptz not null,
  revoked_at timestamptz,
  tokens_not_before timestamptz
);
create index oauth_clients_application on oauth_clients (application_id, id);
create index oauth_clients_epochs on oauth_clients (tokens_not_before) where tokens_not_before is not null;

create table revoked_tokens (
  token_id text primary key,
  expires_at timestamptz not null
);
create index revoked_tokens_expires on revoked_tokens (expires_at);
