#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/core/outbox.hpp"
#include "sync/wire/batch.hpp"

// Rows become batches. Pure, so that it can run beside the loop. Private to uplink.
namespace aisle::uplink {

// A batch once cut: enough to know HQ's answer to it, without its bytes.
struct Cut {
    std::int64_t first = 0;
    std::int64_t last = 0;
    std::size_t rows = 0;
    std::size_t bytes = 0;  // compressed
    std::string check;      // of the line at `last`
};

struct PackedBatch {
    Cut cut;
    std::string payload;
};

struct Cutting {
    wire::BatchHeader header;  // first, last and prev are the cutter's
    std::string prev;          // check of the line before the first row; empty: not known
    std::size_t rows_max = wire::kBatchRowsMax;
    std::size_t bytes_max = wire::kBatchPackedBytesMax;
    std::size_t fitting_rows = wire::kBatchRowsMax;  // how many fitted last time: a first guess
};

struct DeadRow {
    std::int64_t seq = 0;
    std::string kind;
};

struct Cuts {
    std::vector<PackedBatch> batches;  // together all rows, or all before `too_large`
    std::optional<DeadRow> too_large;  // fits into no batch, not even alone
    std::size_t fitting_rows = 0;
};

// `rows` in their order and without a hole. Each batch keeps below the bounds and follows on the
// one before.
Cuts cut(const std::vector<OutboxRow>& rows, Cutting how, wire::Packer& packer);

}  // namespace aisle::uplink
