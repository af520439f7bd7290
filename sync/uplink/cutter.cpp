#include "sync/uplink/cutter.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "sync/wire/line.hpp"

namespace aisle::uplink {
namespace {

// The header's line has its place beside the records.
constexpr std::size_t kRawBytesMax = wire::kBatchRawBytesMax - 64 * 1024;
// About what a line is longer than its body, so that most batches are written without a copy.
constexpr std::size_t kEnvelopeBytes = 192;

std::int64_t first_of(const OutboxRow& row) {
    return row.from > 0 && row.from < row.seq ? row.from : row.seq;
}

// The lines of as many rows as may go into one batch before it is compressed.
struct Lines {
    std::string text;
    std::vector<std::size_t> ends;  // of each line with its newline

    Lines(std::span<const OutboxRow> all, std::size_t rows_max) {
        const auto rows = all.first(std::min(all.size(), rows_max));
        std::size_t bytes = 0;
        for (const auto& row : rows) bytes += row.record.body.size() + kEnvelopeBytes;
        text.reserve(std::min(bytes, kRawBytesMax));
        ends.reserve(rows.size());
        for (const auto& row : rows) {
            wire::append_line(text, row);
            if (text.size() > kRawBytesMax) break;
            text += '\n';
            ends.push_back(text.size());
        }
    }
    [[nodiscard]] std::string_view first(std::size_t rows) const {
        return std::string_view{text}.substr(0, ends.at(rows - 1));
    }
    [[nodiscard]] std::string_view line(std::size_t index) const {
        const std::size_t start = index == 0 ? 0 : ends.at(index - 1);
        return std::string_view{text}.substr(start, ends.at(index) - start - 1);
    }
};

class Cutter {
public:
    Cutter(Cutting how, wire::Packer& packer) : how_{std::move(how)}, packer_{packer} {}

    // From the first of the rows on. Nothing if not even that one fits.
    std::optional<PackedBatch> next(std::span<const OutboxRow> rows) {
        const Lines lines{rows, std::min(how_.rows_max, how_.fitting_rows)};
        std::size_t n = lines.ends.size();
        while (n > 0) {
            PackedBatch batch = pack(rows, lines, n);
            if (batch.cut.bytes <= how_.bytes_max) return done(std::move(batch));
            if (n == 1) break;
            // A tenth less than in proportion, as fewer lines compress less well.
            n = std::clamp<std::size_t>(n * how_.bytes_max / batch.cut.bytes * 9 / 10, 1, n - 1);
            how_.fitting_rows = n;
        }
        return std::nullopt;
    }
    [[nodiscard]] std::size_t fitting_rows() const { return how_.fitting_rows; }

private:
    PackedBatch pack(std::span<const OutboxRow> rows, const Lines& lines, std::size_t n) {
        how_.header.first = first_of(rows.front());
        how_.header.last = rows[n - 1].seq;
        how_.header.prev = how_.prev;
        PackedBatch batch;
        batch.payload = packer_.pack(how_.header, lines.first(n));
        batch.cut = {.first = how_.header.first,
                     .last = how_.header.last,
                     .rows = n,
                     .bytes = batch.payload.size(),
                     .check = wire::check_of(lines.line(n - 1))};
        return batch;
    }
    PackedBatch done(PackedBatch batch) {
        how_.prev = batch.cut.check;
        // As many as were thought to fit took less than half of the room: the next may try more.
        const bool more =
            batch.cut.rows >= how_.fitting_rows && batch.cut.bytes < how_.bytes_max / 2;
        if (more) how_.fitting_rows = std::min(how_.fitting_rows * 2, wire::kBatchRowsMax);
        return batch;
    }

    Cutting how_;
    wire::Packer& packer_;
};

}  // namespace

Cuts cut(const std::vector<OutboxRow>& rows, Cutting how, wire::Packer& packer) {
    Cutter cutter{std::move(how), packer};
    Cuts cuts;
    std::span<const OutboxRow> rest{rows};
    while (!rest.empty()) {
        auto batch = cutter.next(rest);
        if (!batch) {
            cuts.too_large = DeadRow{rest.front().seq, rest.front().record.kind};
            break;
        }
        rest = rest.subspan(batch->cut.rows);
        cuts.batches.push_back(std::move(*batch));
    }
    cuts.fitting_rows = cutter.fitting_rows();
    return cuts;
}

}  // namespace aisle::uplink
