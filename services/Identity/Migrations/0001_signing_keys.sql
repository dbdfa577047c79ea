-- private_key: PKCS #8 (RFC 5208), sealed under the key ring of the service. The newest key signs; all are published.
create table signing_keys (
  id uuid primary key,
  algorithm text not null,
  private_key bytea not null,
  created_at timestamptz not null
);
