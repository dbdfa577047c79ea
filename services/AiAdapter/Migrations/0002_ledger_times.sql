-- Entries come about in the order of their times: old ones are found by little.
create index on ledger using brin (time);
