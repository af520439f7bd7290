R"sql(
-- Check of the line at acked_next - 1, whose row has left the outbox: the first batch after a restart is chained to it.
-- Empty: not known, as after an upgrade until the next acknowledgement.
ALTER TABLE streams ADD COLUMN acked_check TEXT NOT NULL DEFAULT '';
)sql"
