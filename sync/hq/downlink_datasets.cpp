#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>

#include "agent/runtime/log.hpp"
#include "config/toml_reader.hpp"
#include "sync/hq/downlink_core.hpp"
#include "sync/wire/line.hpp"

// The chain's own data coming in: read on the worker, stored, and only then shown to the stores.
namespace aisle::hq {
namespace {

namespace fs = std::filesystem;

struct ReadUpload {
    Status status;
    DatasetReading reading;
    std::shared_ptr<const DatasetTable> table;
    std::vector<StateChange> rows;
};

ReadUpload read_upload(const Downlink::Core::Upload& upload, const DatasetTable& before,
                       WallTime now) {
    auto read = read_dataset({.name = upload.name, .format = upload.format, .text = upload.text});
    ReadUpload done{.status = std::move(read.status), .reading = std::move(read.reading)};
    if (!done.status) return done;
    auto& loaded = done.reading.loaded;
    loaded.source = upload.source;
    loaded.valid_until = upload.valid_until.value_or(now + usual_validity(upload.name));
    auto table = std::make_shared<const DatasetTable>(
        next_table(before, std::move(loaded), upload.mode, now));
    done.rows = dataset_rows(before, *table);
    done.table = std::move(table);
    return done;
}

struct Found {
    std::string path;
    std::string file;
    wire::Dataset name = wire::Dataset::Products;
    DatasetFormat format = DatasetFormat::Csv;
};

std::vector<Found> dataset_files(const std::string& dir) {
    std::vector<Found> found;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator{dir, error}) {
        const auto name = wire::dataset_from(entry.path().stem().string());
        const auto extension = entry.path().extension();
        if (!name || (extension != ".csv" && extension != ".jsonl")) continue;
        found.push_back({entry.path().string(), entry.path().filename().string(), *name,
                         extension == ".csv" ? DatasetFormat::Csv : DatasetFormat::JsonLines});
    }
    std::ranges::sort(found, {}, &Found::file);
    return found;
}

// The first file that is not what was loaded last.
std::optional<std::pair<Found, Downlink::Core::Upload>> changed_file(
    const std::string& dir, const std::map<std::string, std::string>& known) {
    for (auto& found : dataset_files(dir)) {
        std::error_code error;
        if (fs::file_size(found.path, error) > kDatasetUploadBytesMax || error) continue;
        auto text = config::read_text_file(found.path);
        if (!text) continue;
        const auto digest = wire::check_of(*text);
        if (const auto here = known.find(found.file); here != known.end() && here->second == digest)
            continue;
        Downlink::Core::Upload upload{.name = found.name,
                                      .format = found.format,
                                      .source = found.file,
                                      .text = std::move(*text),
                                      .digest = digest};
        return std::pair{std::move(found), std::move(upload)};
    }
    return std::nullopt;
}

}  // namespace

void Downlink::Core::load(Upload upload, Loaded loaded) {
    const DatasetTable nothing{.name = upload.name};
    if (loading) return loaded(full("another dataset is being read"), nothing, {});
    loading = true;
    const auto known = desks->datasets.tables().find(upload.name);
    auto before = known == desks->datasets.tables().end()
                      ? std::make_shared<const DatasetTable>(nothing)
                      : known->second;
    auto shared = std::make_shared<Upload>(std::move(upload));
    const auto answer = [weak = weak_from_this(), born = generation, shared,
                         loaded](ReadUpload read) {
        const auto self = weak.lock();
        if (!self || self->generation != born || !self->running()) return;
        self->parts.metrics
            .counter("aisle_hq_dataset_faults_total", "Rows that could not be used",
                     {{"name", std::string{to_text(shared->name)}}})
            .add(static_cast<double>(read.reading.loaded.faults));
        if (read.status)
            return self->take_over(shared, std::move(read.reading), std::move(read.table),
                                   std::move(read.rows), loaded);
        self->loading = false;
        self->keep_faults(*shared, read.reading);
        loaded(read.status, DatasetTable{.name = shared->name}, read.reading);
    };
    const bool taken = parts.worker([loop = &parts.loop, answer, shared, before, at = now().wall] {
        auto read = std::make_shared<ReadUpload>(read_upload(*shared, *before, at));
        loop->post([answer, read] { answer(std::move(*read)); });
    });
    if (taken) return;
    loading = false;
    loaded(full("the worker is busy"), nothing, {});
}

void Downlink::Core::take_over(const std::shared_ptr<Upload>& upload, DatasetReading reading,
                               std::shared_ptr<const DatasetTable> table,
                               std::vector<StateChange> rows, Loaded loaded) {
    DownEffects effects{.state = std::move(rows)};
    if (!upload->digest.empty()) {
        effects.state.push_back({kDownlinkRoom, "file/" + upload->source, upload->digest});
        desks->files[upload->source] = upload->digest;
    }
    keep_faults(*upload, reading);
    auto kept = std::make_shared<DatasetReading>(std::move(reading));
    commit(std::move(effects),
           [weak = weak_from_this(), born = generation, table, kept, loaded](const Status& status) {
               const auto self = weak.lock();
               if (!self || self->generation != born || !self->running()) return;
               self->loading = false;
               self->desks->datasets.loaded(table);
               self->order_packs();  // not only with the next second
               loaded(status, *table, *kept);
           });
}

// The rows that were refused, until the next load of this dataset.
void Downlink::Core::keep_faults(const Upload& upload, const DatasetReading& read) {
    auto text = faults_json(read.faults);
    desks->quarantine[upload.name] = text;
    commit({.state = {
                {kDownlinkRoom, "faults/" + std::string{to_text(upload.name)}, std::move(text)}}});
}

void Downlink::Core::scan_folder() {
    if (settings.datasets_dir.empty() || loading) return;
    const auto answer = [weak = weak_from_this(),
                         born = generation](std::shared_ptr<Upload> found) {
        const auto self = weak.lock();
        if (!self || self->generation != born || !self->running() || !found) return;
        const auto file = found->source;
        const auto digest = found->digest;
        // Somebody may still be writing to it: it must look the same at two scans.
        if (std::exchange(self->settling[file], digest) != digest) return;
        self->load(
            std::move(*found), [weak, file, digest](const Status& status, const DatasetTable& table,
                                                    const DatasetReading& read) {
                if (status)
                    return log::info("hq.dataset", {{"file", file},
                                                    {"version", table.version},
                                                    {"rows", table.size()},
                                                    {"faults", read.loaded.faults}});
                log::error("hq.dataset_refused", {{"file", file}, {"why", status.error().detail}});
                const auto core = weak.lock();
                // Not again until the file is another one.
                if (core && core->running() && status.error().fault == Fault::Malformed)
                    core->desks->files[file] = digest;
            });
    };
    const bool taken = parts.worker(
        [loop = &parts.loop, answer, dir = settings.datasets_dir, known = desks->files] {
            auto found = changed_file(dir, known);
            auto upload = found ? std::make_shared<Upload>(std::move(found->second)) : nullptr;
            loop->post([answer, upload] { answer(upload); });
        });
    if (!taken) log::debug("hq.dataset_scan", {{"why", "the worker is busy"}});
}

}  // namespace aisle::hq
