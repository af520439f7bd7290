#include "agent/store/run_writer.hpp"

#include "agent/store/rows.hpp"

namespace aisle::store {

Status RunWriter::prepare(sqlite::Database& database) {
    auto done = database.prepare(
        run_,
        "INSERT INTO runs(slot, n, id_from, id_to, bytes) VALUES (?1, ?2, ?3, ?4, ?5) "
        "ON CONFLICT(slot) DO UPDATE SET n = ?2, id_from = ?3, id_to = ?4, bytes = ?5");
    if (!done) return done;
    return database.prepare(
        gap_,
        "INSERT OR REPLACE INTO gaps(slot, from_seq, reason, boot, mono, wall, quality, kinds) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
}

Status RunWriter::put(Stream stream, const Run& run) {
    return run_.bind(1, slot_of(stream, run.first))
        .bind(2, run.n)
        .bind(3, run.id_from)
        .bind(4, run.id_to)
        .bind(5, run.bytes)
        .run();
}

Status RunWriter::put(Stream stream, const Gap& gap) {
    gap_.bind(1, slot_of(stream, gap.seqs.to)).bind(2, gap.seqs.from).bind(3, gap.reason);
    bind_stamp(gap_, 4, gap.at);
    if (auto done = gap_.bind(8, gap.kinds).run(); !done) return done;
    return put(stream, Run{.first = gap.seqs.from, .n = gap.seqs.to - gap.seqs.from + 1});
}

}  // namespace aisle::store
