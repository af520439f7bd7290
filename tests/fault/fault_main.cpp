// fault_driver: many lives of a store under power cuts. Keeps its sums in a file, so that a run
// that was cut off goes on.
//   fault_driver --cuts N [--from-seed S] [--state FILE]
//       one JSON line; exit 1 if anything was lost
//   fault_driver --seed N          one life again, in words
//   fault_driver --fill DIR --mb N a large real database, to be damaged by tests/fault/damage.sh
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <string>

#include "agent/store/store.hpp"
#include "tests/fault/power_cuts.hpp"
#include "tests/kit/builders.hpp"

namespace {

using aisle::fault::LifeSums;

struct Progress {
    std::uint64_t next_seed = 1;
    double seconds = 0;
    LifeSums sums;
};

// Name and value a line: read back by this program alone.
void save(const std::string& path, const Progress& progress) {
    if (path.empty()) return;
    const LifeSums& sums = progress.sums;
    std::ofstream out{path + ".new", std::ios::trunc};
    out << "next_seed " << progress.next_seed << "\nseconds " << progress.seconds << "\nlives "
        << sums.lives << "\ncuts " << sums.cuts << "\ncut_openings " << sums.cut_openings
        << "\nacked_steps " << sums.acked_steps << "\nacked_records " << sums.acked_records
        << "\nlost " << sums.lost << "\ncorrupt " << sums.corrupt << "\nbroken " << sums.broken
        << '\n';
    if (!out.flush() || std::rename((path + ".new").c_str(), path.c_str()) != 0)
        std::cerr << path << ": cannot be written\n";
}

Progress load(const std::string& path, std::uint64_t from_seed) {
    Progress progress{.next_seed = from_seed};
    std::ifstream in{path};
    std::map<std::string, double> values;
    std::string name;
    for (double value = 0; in >> name >> value;) values[name] = value;
    if (values.empty()) return progress;
    const auto whole = [&](const char* key) { return static_cast<std::int64_t>(values[key]); };
    progress.next_seed = static_cast<std::uint64_t>(whole("next_seed"));
    progress.seconds = values["seconds"];
    progress.sums = {.lives = whole("lives"),
                     .cuts = whole("cuts"),
                     .cut_openings = whole("cut_openings"),
                     .acked_steps = whole("acked_steps"),
                     .acked_records = whole("acked_records"),
                     .lost = whole("lost"),
                     .corrupt = whole("corrupt"),
                     .broken = whole("broken")};
    return progress;
}

void print(const Progress& progress) {
    const LifeSums& sums = progress.sums;
    std::cout << "{\"bench\":\"fault\",\"cuts\":" << sums.cuts << ",\"lives\":" << sums.lives
              << ",\"cut_openings\":" << sums.cut_openings
              << ",\"acked_steps\":" << sums.acked_steps
              << ",\"acked_records\":" << sums.acked_records << ",\"lost\":" << sums.lost
              << ",\"corrupt\":" << sums.corrupt << ",\"broken_lives\":" << sums.broken
              << ",\"next_seed\":" << progress.next_seed << ",\"seconds\":" << progress.seconds
              << "}" << std::endl;
}

int run(std::int64_t cuts, const std::string& state, std::uint64_t from_seed) {
    constexpr int kLivesASave = 200;
    constexpr std::int64_t kToldMax = 10;
    Progress progress = load(state, from_seed);
    auto last = std::chrono::steady_clock::now();
    for (int lives = 1; progress.sums.cuts < cuts; ++lives) {
        const LifeSums one = aisle::fault::live(progress.next_seed++);
        progress.sums += one;
        if (!one.trouble.empty() && progress.sums.broken <= kToldMax)
            std::cerr << one.trouble << std::endl;
        const auto now = std::chrono::steady_clock::now();
        progress.seconds += std::chrono::duration<double>(now - last).count();
        last = now;
        if (lives % kLivesASave == 0) save(state, progress);
    }
    save(state, progress);
    print(progress);
    return progress.sums.broken == 0 ? 0 : 1;
}

// A shop's database of so many megabytes, as a real file: sales, offers and footfall, a third of it
// not yet at HQ, and state of 20,000 members.
int fill(const std::string& dir, std::int64_t megabytes) {
    using namespace aisle;
    auto opened = store::Store::open(dir, {.store = StoreId{"s-0001"}}, kit::kNoon);
    if (!opened) {
        std::cerr << opened.error().detail << '\n';
        return 1;
    }
    constexpr int kRecords = 250, kMembers = 20'000;
    const std::string pad(160, 'x');
    std::int64_t n = 0;
    for (std::int64_t bytes = 0; bytes < megabytes << 20U;) {
        Batch batch;
        for (int i = 0; i < kRecords; ++i, ++n) {
            const bool sale = i % 3 == 0;
            Record record{.stream = sale ? Stream::Ledger : Stream::Footfall,
                          .kind = sale ? "sale" : "footfall_minute",
                          .event_id = sale ? "sale-" + std::to_string(n) : std::string{},
                          .at = kit::at(milliseconds{n}),
                          .body = "{\"n\":" + std::to_string(n) + ",\"text\":\"" + pad + "\"}",
                          .digest = sale ? "d" : ""};
            bytes += static_cast<std::int64_t>(record.body.size()) + 70;
            batch.records.push_back(std::move(record));
        }
        if (n <= kMembers)
            for (int i = 0; i < kRecords; ++i)
                batch.state.push_back({"filler", std::to_string(n + i), pad});
        if (auto done = (*opened)->append(batch, kit::kNoon); !done) {
            std::cerr << done.error().detail << '\n';
            return 1;
        }
    }
    for (const Stream stream : {Stream::Ledger, Stream::Footfall}) {
        const auto depths = (*opened)->depths();
        const auto next = depths->at(static_cast<std::size_t>(stream)).next;
        (void)(*opened)->acknowledged(stream, next * 2 / 3, "0123456789abcdef");
    }
    std::cout << R"({"records":)" << n << "}\n";
    return 0;
}

int usage() {
    std::cerr
        << "fault_driver --cuts N [--from-seed S] [--state FILE] | --seed N | --fill DIR --mb N\n";
    return 64;
}

}  // namespace

int main(int count, char** arguments) {
    std::map<std::string, std::string> options;
    for (int i = 1; i + 1 < count; i += 2) options[arguments[i]] = arguments[i + 1];
    const auto number = [&](const char* name) {
        return std::strtoull(options[name].c_str(), nullptr, 10);
    };
    if (count % 2 == 0) return usage();
    if (options.contains("--seed")) {
        const LifeSums life = aisle::fault::live(number("--seed"));
        std::cout << (life.trouble.empty() ? "nothing lost" : life.trouble) << '\n';
        return life.trouble.empty() ? 0 : 1;
    }
    if (options.contains("--fill"))
        return fill(options["--fill"], static_cast<std::int64_t>(number("--mb")));
    if (!options.contains("--cuts")) return usage();
    const std::uint64_t from = options.contains("--from-seed") ? number("--from-seed") : 1;
    return run(static_cast<std::int64_t>(number("--cuts")), options["--state"], from);
}
