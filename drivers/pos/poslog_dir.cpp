#include "drivers/pos/poslog_dir.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <utility>

#include "agent/runtime/directory_watch.hpp"
#include "agent/runtime/log.hpp"
#include "drivers/pos/drop_files.hpp"
#include "drivers/pos/till_profile.hpp"

namespace aisle::pos {
namespace {

constexpr const char* kDriver = "poslog_dir/1";
constexpr milliseconds kHintDelay{50};  // lets a burst of hints become one scan
constexpr std::size_t kForgottenPerScan = 64;
constexpr std::size_t kPartialsMax =
    10'000;  // remembered *.tmp; beyond that a rename has to settle like any file

// A file between its first sight and its being read.
struct Watched {
    FileStat stat;
    MonoTime since{};         // has looked like this since
    bool renamed = false;     // was *.tmp or *.part
    bool unfinished = false;  // was opened and found without its end
    bool taken = false;       // read as it stands
};

// Whether all of one file has committed.
struct Progress {
    FileStat stat;  // as it was read: what lies under the name later may be another file
    std::size_t waiting = 0;
    bool all_sent = false;
    bool lost = false;  // something was not committed: read the file again
};

// The file that is being handed over. `held` is one record behind the reader, so that the last can
// carry the position.
struct Current {
    std::string name;
    std::string position;
    TillReader reader;
    std::optional<TillItem> held;
    std::optional<TillItem> ahead;
    bool drained = false;  // the reader has no more: `held` is the last
    bool position_sent = false;
    std::shared_ptr<Progress> progress = std::make_shared<Progress>();
};

class PoslogDir final : public Driver {
public:
    PoslogDir(PoslogDirSettings settings, PoslogDirPorts ports,
              const std::vector<SourcePosition>& positions)
        : settings_{std::move(settings)},
          ports_{ports},
          sales_{counter("sales", "Sales read from files")},
          rejects_{counter("rejects", "Records of files that could not be read")},
          files_{counter("files", "Files read to their end")},
          postponed_{counter("postponed", "Times that a file had to wait for room")},
          left_out_{counter("left_out", "Files beyond the bound of a scan")} {
        for (const auto& position : positions) {
            if (position.source == settings_.name) known_[position.item] = position.position;
        }
    }

    void start() override {
        if (running_) return;
        running_ = true;
        watch();
        ticks_ = runtime::every(ports_.executor, settings_.scan, [this] { scan(); });
        soon_ = ports_.executor.after(milliseconds{0}, [this] { scan(); });
    }

    void stop() override {
        running_ = false;
        watch_.reset();
        for (auto* timer : {&ticks_, &soon_, &settled_, &bite_}) timer->cancel();
        current_.reset();
        ready_.clear();
    }

private:
    runtime::Counter& counter(const char* what, const char* help) {
        return ports_.metrics.counter(std::string{"aisle_pos_"} + what + "_total", help,
                                      {{"source", settings_.name}});
    }

    void watch() {
        if (!ports_.loop) return;
        auto opened = runtime::DirectoryWatch::open(
            *ports_.loop, settings_.directory, [this](const std::string& name) { hinted(name); });
        if (opened) watch_ = std::move(*opened);
    }

    void hinted(const std::string& name) {
        if (is_partial_name(name)) {
            if (const auto stat = stat_file(path_of(name))) remember_partial(*stat);
            return;
        }
        if (!soon_.armed()) soon_ = ports_.executor.after(kHintDelay, [this] { scan(); });
    }

    void remember_partial(const FileStat& stat) {
        if (partials_.size() < kPartialsMax) partials_.insert({stat.device, stat.inode});
    }

    [[nodiscard]] std::string path_of(const std::string& name) const {
        return settings_.directory + '/' + name;
    }
    [[nodiscard]] MonoTime now() const { return ports_.executor.clock().now().mono; }

    void scan() {
        soon_.cancel();
        if (!running_) return;
        auto listing = list_drop_files(settings_.directory, kDirFilesMax);
        if (!listing) {
            if (!std::exchange(missing_, true)) {
                log::warn("pos_directory_missing",
                          {{"source", settings_.name}, {"why", listing.error().detail}});
            }
            return;
        }
        missing_ = false;
        if (listing->left_out > 0) left_out_.add(static_cast<double>(listing->left_out));
        for (const auto& stat : listing->partial) remember_partial(stat);
        bool unsettled = false;
        for (const auto& file : listing->files) unsettled = !consider(file) || unsettled;
        if (listing->left_out == 0) forget_gone(listing->files);
        if (unsettled) settled_ = ports_.executor.after(settings_.settle, [this] { scan(); });
        next_bite();
    }

    // False: look again when it may have settled.
    bool consider(const DropFile& file) {
        auto [at, fresh] = watched_.try_emplace(file.name);
        Watched& watched = at->second;
        if (fresh || watched.stat != file.stat) {
            const bool renamed = partials_.erase({file.stat.device, file.stat.inode}) > 0;
            watched = {.stat = file.stat, .since = now(), .renamed = renamed};
            if (fresh) watched.taken = read_before(file);
            // Committed before the last stop, which came before the move.
            if (watched.taken) put_away(file.name, file.stat);
        }
        if (watched.taken || (current_ && current_->name == file.name)) return true;
        const bool vouched = watched.renamed || file.marked_done;
        const auto stood = now() - watched.since;
        if (!vouched && stood < settings_.settle) return false;
        if (watched.unfinished && !vouched && stood < settings_.incomplete_after) return true;
        if (std::ranges::find(ready_, file.name) == ready_.end()) ready_.push_back(file.name);
        if (vouched) watched.renamed = true;
        return true;
    }

    bool read_before(const DropFile& file) {
        const auto known = known_.find(file.name);
        if (known == known_.end()) return false;
        const auto first = read_file(path_of(file.name), 1023);
        return first && position_of(file.stat, *first) == known->second;
    }

    // Positions of files that are no more: the table must not grow for ever.
    void forget_gone(const std::vector<DropFile>& files) {
        std::set<std::string_view> present;
        for (const auto& file : files) present.insert(file.name);
        std::erase_if(watched_, [&](const auto& entry) { return !present.contains(entry.first); });
        std::size_t forgotten = 0;
        for (auto entry = known_.begin(); entry != known_.end() && forgotten < kForgottenPerScan;) {
            if (present.contains(entry->first)) {
                ++entry;
                continue;
            }
            Reading reading{PositionReading{}, SourcePosition{settings_.name, entry->first, {}}};
            if (!ports_.sink.accept(std::move(reading), {})) return;
            entry = known_.erase(entry);
            ++forgotten;
        }
    }

    void next_bite() {
        if (!running_ || bite_.armed()) return;
        if (!current_ && ready_.empty()) return;
        bite_ = ports_.executor.after(milliseconds{0}, [this] { bite(); });
    }

    // Stops after a bound of records or bytes, so that the loop stays free for others.
    void bite() {
        bite_.cancel();
        if (!running_) return;
        if (!current_ && !open_next()) return next_bite();
        std::size_t bytes = 0;
        for (std::size_t n = 0; n < kBiteRecordsMax && bytes < kBiteBytesMax; ++n) {
            if (!pull(bytes)) return finish();
            if (!hand_over()) {
                postponed_.add();  // the file waits: the next scan comes back to it
                return;
            }
        }
        next_bite();
    }

    bool open_next() {
        const std::string name = std::move(ready_.front());
        ready_.pop_front();
        const auto watched = watched_.find(name);
        if (watched == watched_.end()) return false;
        const auto before = stat_file(path_of(name));
        auto bytes = read_file(path_of(name), kTillFileBytesMax);
        // It changed under our eyes: the next scan sees that too.
        if (!bytes || !before || stat_file(path_of(name)) != before ||
            *before != watched->second.stat)
            return false;
        std::string position = position_of(*before, *bytes);
        TillReader reader{file_settings(name), std::move(*bytes)};
        const bool waited = now() - watched->second.since >= settings_.incomplete_after;
        if (!reader.complete() && !watched->second.renamed && !waited) {
            watched->second.unfinished = true;
            return false;
        }
        current_ = std::make_unique<Current>(Current{name, std::move(position), std::move(reader)});
        current_->progress->stat = *before;
        return true;
    }

    [[nodiscard]] TillFileSettings file_settings(const std::string& name) const {
        return {.format = settings_.format,
                .profile = settings_.profile,
                .driver = kDriver,
                .source = settings_.name,
                .store = settings_.store,
                .vendor_store = settings_.vendor_store,
                .zone = &ports_.zone,
                .currency = settings_.currency,
                .minor_digits = settings_.minor_digits,
                .origin = name};
    }

    // Sees to it that a record is held, if there is one. False: the file has been handed over.
    bool pull(std::size_t& bytes) {
        if (!current_->held && !current_->drained) current_->held = current_->reader.next();
        if (!current_->held) return false;
        bytes += std::visit([](const auto& item) { return item.raw.size(); }, *current_->held);
        return true;
    }

    // Copies, so that nothing is lost where there is no room: the record stays held.
    bool hand_over() {
        if (!current_->ahead && !current_->drained) {
            current_->ahead = current_->reader.next();
            current_->drained = !current_->ahead;
        }
        Reading reading;
        if (const auto* draft = std::get_if<TillDraft>(&*current_->held)) {
            reading.body = SaleReading{draft->draft, draft->raw};
        } else {
            reading.body = rejected(std::get<TillReject>(*current_->held));
        }
        if (current_->drained)
            reading.position = SourcePosition{settings_.name, current_->name, current_->position};
        const bool sale = std::holds_alternative<SaleReading>(reading.body);
        if (!ports_.sink.accept(std::move(reading), answer())) return false;
        (sale ? sales_ : rejects_).add();
        ++current_->progress->waiting;
        current_->position_sent = current_->drained;
        current_->held = std::exchange(current_->ahead, std::nullopt);
        return true;
    }

    [[nodiscard]] RejectedReading rejected(const TillReject& reject) const {
        return {{.source = settings_.name,
                 .reason = reject.reason,
                 .detail = reject.detail,
                 .origin = current_->name,
                 .byte_from = static_cast<std::int64_t>(reject.range.from),
                 .byte_to = static_cast<std::int64_t>(reject.range.to),
                 .at = ports_.executor.clock().now(),
                 .payload = reject.raw}};
    }

    // Malformed means that the record is in quarantine, which is as good as committed.
    Answer answer() {
        return [alive = std::weak_ptr{alive_}, name = current_->name, progress = current_->progress,
                this](const Result<Accepted>& result) {
            if (!result && result.error().fault != Fault::Malformed) progress->lost = true;
            --progress->waiting;
            if (!alive.expired()) settle(name, *progress);
        };
    }

    // The end of a file. One without any record still has a position to tell.
    void finish() {
        if (!current_->position_sent) {
            Reading reading{PositionReading{},
                            SourcePosition{settings_.name, current_->name, current_->position}};
            if (!ports_.sink.accept(std::move(reading), {})) {
                postponed_.add();
                return;
            }
        }
        files_.add();
        const auto done = std::move(current_);
        known_[done->name] = done->position;
        // Rewritten meanwhile: then what lies there now has not been read.
        const auto watched = watched_.find(done->name);
        if (watched != watched_.end() && watched->second.stat == done->progress->stat)
            watched->second.taken = true;
        done->progress->all_sent = true;
        settle(done->name, *done->progress);
        next_bite();
    }

    // Once all of a file is answered: gone to its rest, or to be read again.
    void settle(const std::string& name, const Progress& progress) {
        if (!progress.all_sent || progress.waiting > 0) return;
        if (progress.lost) {
            known_.erase(name);
            watched_.erase(name);
            return;
        }
        put_away(name, progress.stat);
    }

    void put_away(const std::string& name, const FileStat& read) {
        if (settings_.done_dir.empty() || stat_file(path_of(name)) != read) return;
        if (const auto moved = move_file(path_of(name), settings_.done_dir); !moved) {
            log::warn("pos_file_not_moved",
                      {{"source", settings_.name}, {"why", moved.error().detail}});
        }
    }

    PoslogDirSettings settings_;
    PoslogDirPorts ports_;
    runtime::Counter& sales_;
    runtime::Counter& rejects_;
    runtime::Counter& files_;
    runtime::Counter& postponed_;
    runtime::Counter& left_out_;
    std::map<std::string, std::string> known_;  // position by file, as stored
    std::map<std::string, Watched> watched_;
    std::set<std::pair<std::uint64_t, std::uint64_t>> partials_;  // (device, inode)
    std::deque<std::string> ready_;
    std::unique_ptr<Current> current_;
    bool running_ = false;
    bool missing_ = false;
    std::unique_ptr<runtime::DirectoryWatch> watch_;
    runtime::TimerHandle ticks_;
    runtime::TimerHandle soon_;
    runtime::TimerHandle settled_;
    runtime::TimerHandle bite_;
    std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace

Result<std::unique_ptr<Driver>> make_poslog_dir(PoslogDirSettings settings, PoslogDirPorts ports,
                                                const std::vector<SourcePosition>& positions) {
    if (settings.directory.empty()) return malformed("directory: missing");
    if (settings.name.empty()) return malformed("name: missing");
    if (!find_profile(settings.profile)) return malformed("profile: unknown: " + settings.profile);
    return std::unique_ptr<Driver>{
        std::make_unique<PoslogDir>(std::move(settings), ports, positions)};
}

}  // namespace aisle::pos
