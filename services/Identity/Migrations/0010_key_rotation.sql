-- Keys by RS256 too, and a life: published while the row is there, signing from signs_from until another one does; null
-- while that is not decided.
alter table signing_keys add column signs_from timestamptz;
update signing_keys set signs_from = created_at;

-- Grows when signing keys change: services that follow the role table then read them anew.
alter table role_table_head add column signing_keys_version bigint not null default 0;

-- What tokens are signed by for the client (OpenID Connect Dynamic Client Registration 1.0 section 2).
alter table oauth_clients
  add column access_token_signing_alg text not null default 'ES256',
  add column id_token_signed_response_alg text not null default 'ES256';

-- As gateways tell it, to the minute.
alter table api_keys add column last_used_at timestamptz;
