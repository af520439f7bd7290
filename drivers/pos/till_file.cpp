#include "drivers/pos/till_file.hpp"

#include <utility>

#include "drivers/pos/encoding.hpp"
#include "drivers/pos/json_fields.hpp"
#include "drivers/pos/poslog_parser.hpp"
#include "drivers/pos/sale_request.hpp"
#include "drivers/pos/till_profile.hpp"
#include "drivers/pos/xml_records.hpp"

namespace aisle::pos {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

TillFormat format_of(std::string_view text) {
    const auto first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return TillFormat::Auto;
    if (text[first] == '<') return TillFormat::Poslog;
    return text[first] == '{' ? TillFormat::Jsonl : TillFormat::Auto;
}

bool wide(Encoding encoding) {
    return encoding == Encoding::Utf16Le || encoding == Encoding::Utf16Be;
}

// After a loss of power a file may end in zeros that were never written.
void strip_padding(std::string& bytes) {
    const auto last = bytes.find_last_not_of('\0');
    bytes.resize(last == std::string::npos ? 0 : last + 1);
}

// The same where a character takes two bytes, one of which may well be zero. A single byte behind
// the pairs is half of a character that is still to come.
void strip_wide_padding(std::string& bytes) {
    bytes.resize(bytes.size() / 2 * 2);
    while (bytes.size() >= 2 && bytes.back() == '\0' && bytes[bytes.size() - 2] == '\0')
        bytes.resize(bytes.size() - 2);
}

// Whether the last line is whole, though nothing ends it: its object is closed.
bool ends_in_an_object(std::string_view text) {
    const auto newline = text.rfind('\n');
    const auto last = newline == std::string_view::npos ? text : text.substr(newline + 1);
    if (last.size() > kTillRecordBytesMax) return false;
    return last.find_first_not_of(kBlanks) == std::string_view::npos ||
           read_json_object(last, [](std::string_view, JsonValue) {}).has_value();
}

}  // namespace

class TillReader::Source {
public:
    Source(TillFileSettings settings, std::string bytes)
        : settings_{std::move(settings)},
          text_{std::move(bytes)},
          records_{text_},
          offsets_{text_, 0} {
        profile_ = find_profile(settings_.profile);
        open();
    }

    std::optional<TillItem> next() {
        if (refused_) return std::exchange(refused_, std::nullopt);
        if (ended_) return std::nullopt;
        return format_ == TillFormat::Jsonl ? next_line() : next_transaction();
    }

    [[nodiscard]] bool complete() const {
        if (ended_) return unreadable_;  // nothing more will ever make it readable
        if (format_ == TillFormat::Auto) return false;
        if (format_ == TillFormat::Jsonl) return !text_.empty() && ends_in_an_object(text_);
        XmlRecords walk{text_};
        while (const auto record = walk.next()) {
            if (record->sort == XmlRecord::Sort::Incomplete) return false;
        }
        return true;
    }

private:
    // What holds for the whole file: size, encoding, format, profile.
    void open() {
        if (!profile_) return refuse("format", "no profile of this name");
        if (text_.size() > kTillFileBytesMax) return refuse("limit", "a file above its size");
        encoding_ = encoding_of(text_);
        if (wide(encoding_)) {
            strip_wide_padding(text_);
            if (!decode_wide()) return;
        } else {
            strip_padding(text_);
            skipped_ = text_.starts_with("\xef\xbb\xbf") ? 3 : 0;
            text_.erase(0, skipped_);
        }
        records_ = XmlRecords{text_};
        offsets_ = Utf16Offsets{text_, skipped_};
        format_ = settings_.format == TillFormat::Auto ? format_of(text_) : settings_.format;
        if (format_ != TillFormat::Auto) return;
        const bool empty = text_.find_first_not_of(kBlanks) == std::string::npos;
        if (empty) return refuse("incomplete", "an empty file");
        refuse("format", "neither POSLog nor JSON lines: this version reads no other");
    }

    bool decode_wide() {
        skipped_ = text_[0] == '<' || text_[0] == '{' || text_[0] == '\0' ? 0 : 2;
        auto decoded = to_utf8(std::string_view{text_}.substr(skipped_), encoding_);
        if (!decoded) {
            refuse("encoding", decoded.error().detail);
            return false;
        }
        text_ = std::move(*decoded);
        return true;
    }

    void refuse(std::string reason, std::string detail) {
        ended_ = true;
        unreadable_ = reason != "incomplete";
        refused_ = TillReject{std::move(reason), std::move(detail), text_, {0, text_.size()}};
    }

    // Ascending calls only, because of Utf16Offsets.
    ByteRange range_of(std::size_t from, std::size_t to) {
        if (!wide(encoding_)) return {from + skipped_, to + skipped_};
        const std::size_t file_from = offsets_.of(from);
        return {file_from, offsets_.of(to)};
    }

    std::optional<TillItem> next_transaction() {
        const auto record = records_.next();
        if (!record) {
            ended_ = true;
            return std::nullopt;
        }
        const auto raw = std::string_view{text_}.substr(record->from, record->to - record->from);
        const ByteRange range = range_of(record->from, record->to);
        const auto reject = [&](std::string reason, std::string detail) {
            return TillReject{std::move(reason), std::move(detail), std::string{raw}, range};
        };
        switch (record->sort) {
            case XmlRecord::Sort::Broken:
                return reject("schema", "a transaction that was never closed");
            case XmlRecord::Sort::Incomplete:
                return reject("incomplete", "the document was never finished");
            case XmlRecord::Sort::Doctype:
                return reject("doctype", "a document type: nothing behind it is read");
            case XmlRecord::Sort::Whole:
                break;
        }
        if (raw.size() > kTillRecordBytesMax) return reject("limit", "a record above its size");
        auto utf8 = to_utf8(raw, wide(encoding_) ? Encoding::Utf8 : encoding_);
        if (!utf8) return reject("encoding", utf8.error().detail);
        auto parsed = parse_poslog(*utf8, {profile_, settings_.zone, settings_.minor_digits});
        if (auto* refusal = std::get_if<Refusal>(&parsed))
            return reject(refusal->reason, refusal->detail);
        return finished(std::move(std::get<Sale>(parsed)), std::move(*utf8), range);
    }

    std::optional<TillItem> next_line() {
        for (;;) {
            if (line_at_ >= text_.size()) {
                ended_ = true;
                return std::nullopt;
            }
            const std::size_t from = line_at_;
            const auto newline = text_.find('\n', from);
            const bool terminated = newline != std::string::npos;
            const std::size_t to = terminated ? newline : text_.size();
            line_at_ = to + 1;
            const auto raw = std::string_view{text_}.substr(from, to - from);
            if (raw.find_first_not_of(kBlanks) == std::string_view::npos) continue;
            return read_line(raw, range_of(from, to), terminated);
        }
    }

    TillItem read_line(std::string_view raw, ByteRange range, bool terminated) {
        const auto reject = [&](std::string reason, std::string detail) {
            return TillReject{std::move(reason), std::move(detail), std::string{raw}, range};
        };
        if (raw.size() > kTillRecordBytesMax) return reject("limit", "a record above its size");
        auto utf8 = to_utf8(raw, wide(encoding_) ? Encoding::Utf8 : encoding_);
        if (!utf8) return reject("encoding", utf8.error().detail);
        auto request = sale_request_from_json(*utf8, settings_.minor_digits);
        // A last line without its end may still be growing.
        if (!request) return reject(terminated ? "schema" : "incomplete", request.error().detail);
        return finished(std::move(request->draft), std::move(*utf8), range);
    }

    TillItem finished(Sale sale, std::string raw, ByteRange range) {
        if (!settings_.source.empty()) sale.source = settings_.source;
        const bool ours =
            settings_.any_store || sale.store.empty() ||
            (!settings_.vendor_store.empty() && sale.store.value == settings_.vendor_store);
        if (ours && !settings_.store.empty()) sale.store = settings_.store;
        if (sale.currency.empty()) sale.currency = settings_.currency;
        sale.lineage = {.source = sale.source,
                        .driver = settings_.driver,
                        .profile = format_ == TillFormat::Poslog ? settings_.profile : "",
                        .origin = settings_.origin,
                        .byte_from = static_cast<std::int64_t>(range.from),
                        .byte_to = static_cast<std::int64_t>(range.to)};
        return TillDraft{std::move(sale), std::move(raw), range};
    }

    TillFileSettings settings_;
    std::string text_;  // UTF-16 as UTF-8, anything else as it is: records are decoded one by one
    const TillProfile* profile_ = nullptr;
    Encoding encoding_ = Encoding::Utf8;
    TillFormat format_ = TillFormat::Auto;
    std::size_t skipped_ = 0;  // a byte order mark
    XmlRecords records_;
    Utf16Offsets offsets_;
    std::size_t line_at_ = 0;
    std::optional<TillReject> refused_;
    bool ended_ = false;
    bool unreadable_ = false;
};

TillReader::TillReader(TillFileSettings settings, std::string bytes)
    : source_{std::make_unique<Source>(std::move(settings), std::move(bytes))} {}
TillReader::~TillReader() = default;
TillReader::TillReader(TillReader&&) noexcept = default;
TillReader& TillReader::operator=(TillReader&&) noexcept = default;

std::optional<TillItem> TillReader::next() { return source_->next(); }
bool TillReader::complete() const { return source_->complete(); }

Result<TillFormat> till_format_from(std::string_view text) {
    if (text == "auto") return TillFormat::Auto;
    if (text == "poslog") return TillFormat::Poslog;
    if (text == "jsonl") return TillFormat::Jsonl;
    if (text == "csv" || text == "escpos" || text == "tlog4690") {
        return malformed("format " + std::string{text} +
                         " is not read by this version: auto, poslog, jsonl are");
    }
    return malformed("unknown format: auto, poslog, jsonl are read");
}

TillFile read_till_file(const TillFileSettings& settings, std::string bytes) {
    TillReader reader{settings, std::move(bytes)};
    TillFile file;
    file.complete = reader.complete();
    while (auto item = reader.next()) {
        if (auto* draft = std::get_if<TillDraft>(&*item)) {
            file.sales.push_back(std::move(*draft));
        } else {
            file.rejects.push_back(std::move(std::get<TillReject>(*item)));
        }
    }
    return file;
}

}  // namespace aisle::pos
