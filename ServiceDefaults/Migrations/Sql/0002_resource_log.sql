-- Logs of resources that others follow (apisvc.sync.v1). A service without followers leaves these tables empty.

-- One row a group, locked by the last step of each transaction that changes it, so that generations become visible
-- in their order.
create table service.resource_group (
  name text primary key,
  generation bigint not null,
  hash bytea not null
);

-- What was when, as far back as followers get changes instead of a snapshot.
create table service.resource_generation (
  group_name text not null references service.resource_group,
  generation bigint not null,
  hash bytea not null,
  committed_at timestamptz not null,
  primary key (group_name, generation)
);

-- The newest of each resource; body and digest are null where it was deleted, as long as a follower may not know.
-- features are separated by spaces. digest = SHA-256(kind | id | body).
create table service.resource (
  group_name text not null references service.resource_group,
  kind int not null,
  id bytea not null,
  features text not null,
  body bytea,
  digest bytea,
  generation bigint not null,
  primary key (group_name, kind, id)
);

create index resource_generation_order on service.resource (group_name, generation);

-- Who follows. last_said is the node's last apisvc.sync.v1.Acknowledgement.
create table service.resource_node (
  group_name text not null,
  node text not null,
  build text not null,
  features text not null,
  stream uuid,
  connected_at timestamptz,
  seen_at timestamptz not null,
  applied bigint not null,
  durable bigint not null,
  last_said bytea,
  said_at timestamptz,
  primary key (group_name, node)
);
